import { fail, isPowerOfTwo } from '../../lib/assert.js';
import { CommandKind, type Responder } from './responder.js';

/** A command on its way through risk and matching. */
export interface PendingCommand {
  readonly kind: CommandKind;
  readonly responder: Responder;
  /** Place of its order in the store; -1 for a mass cancel. */
  readonly place: number;
  /** The order at that place: by the time of the answer it may hold another. */
  readonly orderId: number;
  /** Session time at which it was taken in. */
  readonly received: number;
  /** Of a command that every shard answers: how many have, and the orders that they have canceled. */
  gathered?: { answers: number; canceled: number };
}

/**
 * Commands in flight by their number. Numbers rise, mostly by one, so a ring of places does: no hashing, fixed memory, and the
 * oldest is always the next to expire.
 */
export class PendingTable {
  readonly #places: (PendingCommand | undefined)[];
  readonly #mask: number;
  /** Amends in flight by order id. */
  readonly #amends = new Map<number, number>();
  #oldest: number;
  #next: number;
  #count = 0;

  constructor(capacity: number, firstNumber: number) {
    if (!isPowerOfTwo(capacity)) fail(`pending table: capacity is ${capacity}, rule: a power of two`);
    this.#places = new Array<PendingCommand | undefined>(capacity).fill(undefined);
    this.#mask = capacity - 1;
    this.#oldest = firstNumber;
    this.#next = firstNumber;
  }

  get count(): number {
    return this.#count;
  }

  /** False when the commands in flight reach back a whole table. */
  hasRoom(number: number): boolean {
    while (this.#oldest < this.#next && this.#places[this.#oldest & this.#mask] === undefined) this.#oldest++;
    return this.#count === 0 || number - this.#oldest <= this.#mask;
  }

  add(number: number, command: PendingCommand): void {
    if (this.#count === 0) this.#oldest = number;
    this.#places[number & this.#mask] = command;
    this.#next = number + 1;
    this.#count++;
    if (command.kind === CommandKind.Amend) this.#countAmend(command.orderId, 1);
  }

  /** Is an amend of the order in flight? Then its price and quantity are about to change. */
  isAmending(orderId: number): boolean {
    return this.#amends.has(orderId);
  }

  /** The command in flight with this number, undefined as for {@link take}. */
  find(number: number): PendingCommand | undefined {
    const isInReach = number >= this.#oldest && number < this.#next;
    return isInReach ? this.#places[number & this.#mask] : undefined;
  }

  /** Takes the command out; undefined when it is not in flight (expired, or of an earlier life of the gateway). */
  take(number: number): PendingCommand | undefined {
    const command = this.find(number);
    if (command === undefined) return undefined;
    this.#places[number & this.#mask] = undefined;
    this.#count--;
    if (command.kind === CommandKind.Amend) this.#countAmend(command.orderId, -1);
    return command;
  }

  /** Takes out the oldest command if it was received before `before`. */
  takeOlderThan(before: number): PendingCommand | undefined {
    while (this.#oldest < this.#next) {
      const command = this.#places[this.#oldest & this.#mask];
      if (command !== undefined) {
        return command.received < before ? this.take(this.#oldest) : undefined;
      }
      this.#oldest++;
    }
    return undefined;
  }

  #countAmend(orderId: number, change: number): void {
    const count = (this.#amends.get(orderId) ?? 0) + change;
    if (count > 0) this.#amends.set(orderId, count);
    else this.#amends.delete(orderId);
  }
}
