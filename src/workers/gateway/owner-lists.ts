import { NONE } from './id-index.js';

/** Marks a place that is in no list. */
const ABSENT = -2;

/** Open orders by the session that entered them: a doubly linked list through the places of each session's orders, newest first. */
export class OwnerLists {
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  readonly #heads = new Map<number, number>();
  readonly #owner: Uint32Array;

  /** `owner` is the column of the orders' sessions. */
  constructor(owner: Uint32Array) {
    this.#owner = owner;
    this.#newer = new Int32Array(owner.length).fill(ABSENT);
    this.#older = new Int32Array(owner.length).fill(ABSENT);
  }

  /** Sessions that have an order here. */
  get owners(): Iterable<number> {
    return this.#heads.keys();
  }

  /** The newest order of a session here, or NONE. */
  first(owner: number): number {
    return this.#heads.get(owner) ?? NONE;
  }

  /** The next older one of the same session, or NONE. */
  next(place: number): number {
    return this.#older[place];
  }

  /** Adds the order at `place` to the list of its owner; nothing happens when it is there or has no owner. */
  link(place: number): void {
    const owner = this.#owner[place];
    if (owner === 0 || this.#older[place] !== ABSENT) return;
    const head = this.first(owner);
    this.#older[place] = head;
    this.#newer[place] = NONE;
    if (head !== NONE) this.#newer[head] = place;
    this.#heads.set(owner, place);
  }

  /** Takes the order at `place` out of its list, if it is in one. */
  unlink(place: number): void {
    const older = this.#older[place];
    if (older === ABSENT) return;
    const newer = this.#newer[place];
    if (older !== NONE) this.#newer[older] = newer;
    if (newer !== NONE) this.#older[newer] = older;
    else if (older !== NONE) this.#heads.set(this.#owner[place], older);
    else this.#heads.delete(this.#owner[place]);
    this.#older[place] = ABSENT;
    this.#newer[place] = ABSENT;
  }

  /** Empties the list of a session. */
  drop(owner: number): void {
    for (let place = this.first(owner); place !== NONE; place = this.first(owner)) this.unlink(place);
  }
}
