/**
 * Commands in the mix of exchange-core's performance tests (TestOrdersGenerator.java), made by playing them: an order can
 * only be moved or canceled while it lives, so the generator keeps the books with an engine of its own.
 *
 * As there: a symbol has a price of its own; prices of new orders gather around the last trade (deviation 5 percent of the
 * price, 10,000 ticks at most); a move takes an order 1 percent nearer to the last trade, one tick at least; when the book has
 * fewer orders than wanted, orders rest, else they take (the size of the book is looked at every 512 commands); symbols share orders
 * and commands in a Pareto distribution. That gives about 9 new resting orders, 3 immediate ones, 6 cancels and 82 moves in 100.
 *
 * Differs: the reduces of newer versions are moves here, as in those that the 6 in 100 come from; FOK_BUDGET, one in 32
 * immediate orders, is fill-or-kill at the worst price; random numbers are xorshift; accounts are drawn from one range
 * for all symbols; an account's money is not part of matching.
 */
import type { MatchingEvents, TradeEvent } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { Side, TimeInForce } from '../../src/lib/enums.js';
import { CANCEL, giveCommand, type Mix, type MixOptions, MOVE, mixCapacities, NEW } from './mix-commands.js';

const { Buy, Sell } = Side;
const { GoodTillCancel, ImmediateOrCancel, FillOrKill } = TimeInForce;

const LOOK_EVERY = 512;
const PICK_FROM = 512;

/** Xorshift, 32 bits, from a fixed seed. */
class Random {
  #state = 0x2545f491;

  /** 0 .. limit - 1 */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  unit(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 4294967296;
  }

  size(): number {
    return 1 + this.below(6) * this.below(6) * this.below(6);
  }
}

class Market {
  last: number;
  readonly deviation: number;
  readonly lowest: number;
  readonly highest: number;
  readonly targetHalf: number;
  /** Ids of resting orders, in no order. */
  readonly live: number[] = [];
  /** Resting buys and sells, and what was seen of them at the last look. */
  readonly open = [0, 0];
  readonly seen = [0, 0];
  commands = 0;
  filledOnce = false;

  constructor(random: Random, single: boolean, target: number) {
    const price = Math.floor(10 ** (single ? 4.8 : 3.3 + random.unit() * 1.5 + random.unit() * 1.5));
    this.last = price;
    this.deviation = Math.min(Math.floor(price * 0.05), 10_000);
    this.lowest = price - this.deviation * 5;
    this.highest = price + this.deviation * 5;
    this.targetHalf = Math.floor(target / 2);
  }
}

/** Shares of the symbols: a Pareto distribution of shape 1.5. */
function shares(random: Random, symbols: number): Float64Array {
  const raw = Float64Array.from({ length: symbols }, () => (1 - random.unit()) ** (-1 / 1.5));
  const sum = raw.reduce((total, one) => total + one, 0);
  return raw.map((one) => one / sum);
}

class Generator implements MatchingEvents {
  readonly #random = new Random();
  readonly #options: MixOptions;
  readonly #symbols: Market[] = [];
  readonly #engine: MatchingEngine;
  readonly #mix;
  readonly #counts = [0, 0, 0, 0];
  /** By order id: account, size, price, side, symbol, place in the symbol's list of live orders plus one. */
  readonly #orders: Int32Array;
  #lastId = 0;
  #length = 0;
  #trades = 0;
  #filled = 0;

  constructor(options: MixOptions) {
    this.#options = options;
    const total = options.live * 2 + options.symbols * 2 + options.commands;
    this.#engine = new MatchingEngine(mixCapacities(options), this);
    this.#orders = new Int32Array(total * FIELDS);
    this.#mix = {
      kind: new Uint8Array(total),
      side: new Uint8Array(total),
      timeInForce: new Uint8Array(total),
      symbol: new Int32Array(total),
      orderId: new Int32Array(total),
      account: new Int32Array(total),
      price: new Int32Array(total),
      quantity: new Int32Array(total),
    };
  }

  generate(): Mix {
    const { symbols, live, commands } = this.#options;
    const share = shares(this.#random, symbols);
    for (let i = 0; i < symbols; i++) {
      const target = symbols === 1 ? live : Math.max(2, Math.round(live * share[i]));
      this.#symbols.push(new Market(this.#random, symbols === 1, target));
    }
    for (const [index, symbol] of this.#symbols.entries()) {
      for (let i = 0; i < 2 * symbol.targetHalf; i++) this.#newOrder(index, true);
      symbol.seen[0] = symbol.open[0];
      symbol.seen[1] = symbol.open[1];
    }
    const fill = this.#length;
    this.#counts.fill(0);
    const cumulative = share.slice();
    for (let i = 1; i < symbols; i++) cumulative[i] += cumulative[i - 1];
    for (let i = 0; i < commands; i++) this.#next(symbols === 1 ? 0 : this.#pick(cumulative));
    return {
      ...this.#mix,
      fill,
      count: this.#length,
      trades: this.#trades,
      filled: this.#filled,
      resting: this.#engine.orderCount,
      levels: this.#levelCount(),
      stateHash: this.#engine.stateHash(),
      counts: this.#counts,
    };
  }

  #levelCount(): number {
    const into = new Float64Array(3 * this.#engine.orderCount);
    let count = 0;
    for (let i = 0; i < this.#symbols.length; i++) {
      for (const side of [Buy, Sell]) count += this.#engine.levels(i, side, into.length / 3, into);
    }
    return count;
  }

  /** A symbol by its share. */
  #pick(cumulative: Float64Array): number {
    const wanted = this.#random.unit();
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #next(index: number): void {
    const symbol = this.#symbols[index];
    const random = this.#random;
    if (++symbol.commands % Math.min(LOOK_EVERY, 2 * symbol.targetHalf + 1) === 0) {
      symbol.seen[0] = symbol.open[0];
      symbol.seen[1] = symbol.open[1];
    }
    const lack = symbol.targetHalf - symbol.seen[random.below(2)];
    const grow = lack > 0;
    if (!grow) symbol.filledOnce = true;
    const fast = !symbol.filledOnce || lack > Math.min(LOOK_EVERY, (symbol.targetHalf * 3) / 4);
    const choice = random.below(grow ? (fast ? 2 : 10) : 40);
    if (choice < 2 || symbol.live.length === 0) this.#newOrder(index, grow);
    else {
      const orderId = symbol.live[random.below(Math.min(symbol.live.length, PICK_FROM))];
      if (choice < 3) this.#cancel(orderId);
      else this.#move(orderId);
    }
  }

  #newOrder(index: number, rests: boolean): void {
    const symbol = this.#symbols[index];
    const random = this.#random;
    const side = random.below(2) === 0 ? Sell : Buy;
    const account = 1 + random.below(this.#options.accounts);
    let timeInForce: TimeInForce = GoodTillCancel;
    let price = side === Buy ? symbol.highest : symbol.lowest;
    if (rests) price = this.#restingPrice(symbol, side);
    else timeInForce = random.below(32) === 0 ? FillOrKill : ImmediateOrCancel;
    const quantity = random.size();
    const orderId = ++this.#lastId;
    this.#orders.set([account, quantity, price, side, index, 0], orderId * FIELDS);
    this.#counts[rests ? 0 : 1]++;
    this.#give(NEW, orderId, price, timeInForce);
  }

  #restingPrice(symbol: Market, side: Side): number {
    const random = this.#random;
    const deviation = 1 + Math.floor(random.unit() ** 2 * symbol.deviation);
    let sum = 0;
    for (let i = 0; i < 4; i++) sum += random.below(deviation);
    const distance = Math.abs(Math.floor(sum / 4) * 2 - deviation);
    return symbol.last + (side === Sell ? distance : -distance);
  }

  #cancel(orderId: number): void {
    this.#counts[2]++;
    this.#give(CANCEL, orderId, this.#orders[orderId * FIELDS + PRICE], 0);
  }

  #move(orderId: number): void {
    const at = orderId * FIELDS;
    const { last, highest } = this.#symbols[this.#orders[at + SYMBOL]];
    const before = this.#orders[at + PRICE];
    const distance = (last - before) * 0.01;
    const step =
      before > last
        ? Math.floor(distance)
        : before < last
          ? Math.ceil(distance)
          : this.#random.below(2) * 2 - 1;
    const price = Math.min(before + step, highest);
    this.#orders[at + PRICE] = price;
    this.#counts[3]++;
    this.#give(MOVE, orderId, price, 0);
  }

  /** Notes the command and plays it. */
  #give(kind: number, orderId: number, price: number, timeInForce: number): void {
    const [account, quantity, , side, symbol] = this.#orders.subarray(orderId * FIELDS);
    const at = this.#length++;
    const mix = this.#mix;
    mix.kind[at] = kind;
    mix.side[at] = side;
    mix.timeInForce[at] = timeInForce;
    mix.symbol[at] = symbol;
    mix.orderId[at] = orderId;
    mix.account[at] = account;
    mix.price[at] = price;
    mix.quantity[at] = quantity;
    giveCommand(this.#engine, mix, at);
    const isOpen = kind !== CANCEL && this.#engine.order(orderId) !== undefined;
    if (isOpen && kind === NEW) this.#add(orderId);
    else if (!isOpen && kind !== NEW) this.#remove(orderId);
  }

  #add(orderId: number): void {
    const symbol = this.#symbols[this.#orders[orderId * FIELDS + SYMBOL]];
    symbol.live.push(orderId);
    this.#orders[orderId * FIELDS + PLACE] = symbol.live.length;
    symbol.open[this.#orders[orderId * FIELDS + SIDE] - 1]++;
  }

  #remove(orderId: number): void {
    const at = orderId * FIELDS;
    const place = this.#orders[at + PLACE];
    if (place === 0) return;
    const symbol = this.#symbols[this.#orders[at + SYMBOL]];
    const moved = symbol.live.pop() as number;
    if (moved !== orderId) {
      symbol.live[place - 1] = moved;
      this.#orders[moved * FIELDS + PLACE] = place;
    }
    this.#orders[at + PLACE] = 0;
    symbol.open[this.#orders[at + SIDE] - 1]--;
  }

  trade(event: TradeEvent): void {
    this.#trades++;
    this.#filled += event.quantity;
    const symbol = this.#symbols[event.instrument];
    symbol.last = Math.min(symbol.highest, Math.max(symbol.lowest, event.price));
    if (event.makerLeaves === 0) this.#remove(event.makerOrderId);
  }

  report(): void {}
  status(): void {}
}

const PRICE = 2;
const SIDE = 3;
const SYMBOL = 4;
const PLACE = 5;
const FIELDS = 6;

export function generateMix(options: MixOptions): Mix {
  return new Generator(options).generate();
}
