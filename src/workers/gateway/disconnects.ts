import { ExecutionType } from '../../lib/enums.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { counterIds } from '../../telemetry/registry.js';
import { type CommandPort, UNATTENDED } from './command-port.js';
import { NONE } from './id-index.js';
import type { OrderStore } from './order-store.js';
import { OrderState } from './store-layout.js';

const C = counterIds('gateway');
const { CancelOnDisconnect } = OrderState;

/** Cancels sent per duty cycle at the most. */
const BURST = 1024;
/** Pause before cancels are sent again: after a full ring, and after refusals, which double it up to the maximum; ns. */
const RETRY = 1_000_000;
const MAXIMUM_RETRY = 1_000_000_000;

export interface DisconnectParts {
  readonly store: OrderStore;
  readonly port: CommandPort;
  readonly counters: CounterWriter;
  readonly now: () => number;
}

/**
 * Cancels the open orders of sessions that asked for it and are over: one by one, so that no order of anybody else is touched,
 * and until each is closed. A cancel for which the ring has no room is sent in a later duty cycle; one that risk refuses
 * (its limits of cancels) is sent again after a pause. Nobody waits for the answers. Whose order it is lies in the
 * shared store: a gateway started anew finds every session over, and cancels what its predecessor had promised to.
 */
export class Disconnects {
  readonly #parts: DisconnectParts;
  readonly #live = new Set<number>();
  /** Sessions that are over and have orders to cancel. */
  readonly #over = new Set<number>();
  #retryAt = 0;
  #pause = RETRY;

  constructor(parts: DisconnectParts) {
    this.#parts = parts;
    for (const owner of [...parts.store.owners.owners]) this.#end(owner);
  }

  /** A new session; returns its number. */
  open(): number {
    const owner = this.#parts.store.nextSession();
    this.#live.add(owner);
    return owner;
  }

  /** The session wants its orders, also those that are open already, canceled when it is over, or not. */
  choose(owner: number, cancel: boolean): void {
    const { orders, owners } = this.#parts.store;
    for (let place = owners.first(owner); place !== NONE; place = owners.next(place)) {
      if (cancel) orders.state[place] |= CancelOnDisconnect;
      else orders.state[place] &= ~CancelOnDisconnect;
    }
  }

  /** The session is over. What can be sent is sent at once. */
  close(owner: number): void {
    if (!this.#live.delete(owner)) return;
    this.#end(owner);
    this.work(this.#parts.now());
  }

  /** The gateway takes no more orders: all sessions count as over. */
  closeAll(): void {
    for (const owner of [...this.#live]) this.close(owner);
  }

  /** A report about the order at `place`. */
  onReport(place: number, type: number): void {
    const { store, counters } = this.#parts;
    const owner = store.orders.owner[place];
    if (owner === 0 || this.#live.has(owner)) return;
    if (type === ExecutionType.Canceled) this.#pause = RETRY;
    if (!this.#isToCancel(place)) return;
    if (type === ExecutionType.CancelRejected) {
      counters.add(C.disconnect_cancels_refused_total, 1);
      store.owners.link(place);
      this.#putOff(this.#parts.now());
    }
    // Otherwise it may be the exit of a bracket that comes to life when its session is over.
    if (store.owners.first(owner) !== NONE) this.#over.add(owner);
  }

  hasWork(now: number): boolean {
    return this.#over.size > 0 && now >= this.#retryAt;
  }

  /** Session time at which there is something to send. */
  nextDue(): number {
    return this.#over.size > 0 ? this.#retryAt : Number.POSITIVE_INFINITY;
  }

  /** Sends cancels while there is room; returns how many. */
  work(now: number): number {
    if (!this.hasWork(now)) return 0;
    const { owners } = this.#parts.store;
    let sent = 0;
    for (const owner of this.#over) {
      for (let place = owners.first(owner); place !== NONE; place = owners.first(owner)) {
        if (sent >= BURST || !this.#cancel(place, now)) return sent;
        sent++;
      }
      this.#over.delete(owner);
    }
    return sent;
  }

  /** Sends nothing for a while, longer each time; refusals that come during the pause are of the same burst. */
  #putOff(now: number): void {
    if (now < this.#retryAt) return;
    this.#retryAt = now + this.#pause;
    this.#pause = Math.min(this.#pause * 2, MAXIMUM_RETRY);
  }

  #cancel(place: number, now: number): boolean {
    const { store, port, counters } = this.#parts;
    const { orderId, account, instrument } = store.orders;
    if (!port.cancel(UNATTENDED, orderId[place], account[place], instrument[place], now)) {
      counters.add(C.ring_full_total, 1);
      counters.add(C.disconnect_ring_full_total, 1);
      this.#retryAt = now + RETRY;
      return false;
    }
    counters.add(C.disconnect_cancels_total, 1);
    store.owners.unlink(place);
    return true;
  }

  /** Notes the orders to cancel of a session that is over, and forgets the others. */
  #end(owner: number): void {
    const { owners } = this.#parts.store;
    for (let place = owners.first(owner), next = NONE; place !== NONE; place = next) {
      next = owners.next(place);
      if (!this.#isToCancel(place)) owners.unlink(place);
    }
    if (owners.first(owner) !== NONE) this.#over.add(owner);
  }

  #isToCancel(place: number): boolean {
    const { store } = this.#parts;
    return (store.orders.state[place] & CancelOnDisconnect) !== 0 && store.isOpen(place);
  }
}
