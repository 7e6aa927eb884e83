/** Seeded random command streams for matching, shared by the fuzz tests. Shapes: matching-shapes.ts. */
import { ALL_INSTRUMENTS, type Matching, MatchingCommand } from '../../src/book/matching.js';
import { OrderFlags, OrderType, Side, TimeInForce, TradingPhase } from '../../src/lib/enums.js';

/** The seed of this run: MILLRACE_SEED, or a fresh one. Print it. */
export const SEED = Number(process.env.MILLRACE_SEED ?? Math.floor(Math.random() * 2 ** 31));

export type Action = 'newOrder' | 'amendOrder' | 'cancelOrder' | 'massCancel' | 'setPhase' | 'advanceTime';

/** What a stream looks like. Prices are `center + step * (-range .. range)`. */
export interface StreamShape {
  readonly instruments: number;
  readonly center: number;
  readonly step: number;
  readonly range: number;
  readonly maxQuantity: number;
  readonly accounts: number;
  /** Added to order ids, so that streams run over all id widths. */
  readonly firstId: number;
  /** Share of commands that end orders: 0.5 keeps the books as they are, less lets them grow. */
  readonly endShare: number;
  /** How far back cancels and amends reach: about the number of live orders that is wanted. */
  readonly window: number;
  /** Share of cancels and amends that are mass cancels. */
  readonly massCancels: number;
  /** Share of new orders that ask for more than a price; the rest are plain limit and market orders. 0: time stands still. */
  readonly fancy: number;
  /** Share of commands that change a phase. */
  readonly phases: number;
}

/** Mulberry32. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** Integer from 0 to `limit - 1`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  chance(share: number): boolean {
    return this.below(1_000_000) < share * 1_000_000;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }
}

const { Limit, Market, Stop, StopLimit, MarketToLimit } = OrderType;
const { GoodTillCancel, ImmediateOrCancel, FillOrKill, Day, GoodTillDate, AtTheOpen, AtTheClose } =
  TimeInForce;
const LASTING: readonly number[] = [GoodTillCancel, Day, GoodTillDate];
const ORDER_TYPES = [Limit, Limit, Limit, Limit, Limit, Market, Stop, StopLimit, StopLimit, MarketToLimit];
const LIMIT_TIMES = [
  ...[GoodTillCancel, GoodTillCancel, GoodTillCancel, Day, GoodTillDate, GoodTillDate],
  ...[ImmediateOrCancel, FillOrKill, AtTheOpen, AtTheClose],
];
const MARKET_TIMES = [GoodTillCancel, ImmediateOrCancel, FillOrKill, AtTheOpen, AtTheClose];
const { PreOpen, OpeningAuction, Continuous, VolatilityAuction, Halt, ClosingAuction, Closed } = TradingPhase;
const PHASES = [
  ...[Continuous, Continuous, Continuous, Continuous, OpeningAuction, VolatilityAuction, ClosingAuction],
  ...[PreOpen, OpeningAuction, VolatilityAuction, ClosingAuction, Halt, Closed, 0, 9],
];

/** A command without conditions or phase, as those have it that ask for none. */
export function clearConditions(command: MatchingCommand): void {
  command.conditional = 0;
  command.selfTradePrevention = 0;
  command.stopPrice = Number.NaN;
  command.displayedQuantity = 0;
  command.minimumQuantity = 0;
  command.expireTime = 0;
  command.linkedOrderId = 0;
  command.contingency = 0;
  command.takeProfitPrice = Number.NaN;
  command.stopLossPrice = Number.NaN;
  command.stopLossLimitPrice = Number.NaN;
}

/** Fills in one random command after another; ids name live orders, finished ones and some that never were. */
export class CommandStream {
  readonly command = new MatchingCommand();
  private readonly random: Random;
  private readonly shape: StreamShape;
  private nextId: number;
  private time = 1;
  /** The last phase change stopped trading: it goes on soon, for there is little to see until then. */
  private isShut = false;
  private shutInstrument = 0;
  private readonly recent: { id: number; account: number; instrument: number }[] = [];

  constructor(seed: number, shape: StreamShape) {
    this.random = new Random(seed);
    this.shape = shape;
    this.nextId = shape.firstId;
  }

  next(): Action {
    const { random, shape, command } = this;
    clearConditions(command);
    command.source = random.below(4);
    command.timestamp = Number.NaN;
    if (shape.fancy > 0) {
      this.time += random.below(3);
      if (!random.chance(0.01)) command.timestamp = this.time;
      if (random.chance(this.isShut ? 0.25 : shape.phases)) return this.fillPhase();
      if (random.chance(0.02)) return this.fillTime();
    }
    if (this.recent.length === 0 || !random.chance(shape.endShare + 0.25)) return this.fillNew();
    if (random.chance(shape.massCancels)) return this.fillMassCancel();
    const index = random.below(this.recent.length);
    const pick = this.recent[index];
    command.orderId = pick.id;
    command.account = random.chance(0.01) ? pick.account + 1 : pick.account;
    command.instrument = pick.instrument;
    // The exits of a bracket have the ids after their entry's.
    if (shape.fancy > 0 && random.chance(0.15)) command.orderId += 1 + random.below(2);
    if (!random.chance(0.25 / (shape.endShare + 0.25))) {
      // Most of what is canceled is not asked for again: what is left is mostly live.
      if (random.chance(0.9)) this.recent.splice(index, 1);
      return 'cancelOrder';
    }
    command.price = this.price();
    // Never a huge one with a small peak: that would trade a peak at a time.
    command.quantity = shape.fancy > 0 ? 1 + random.below(20) : this.quantity();
    if (shape.fancy > 0 && random.chance(0.15)) {
      command.conditional = 1;
      command.stopPrice = random.chance(0.1) ? Number.NaN : this.price();
    }
    return 'amendOrder';
  }

  private fillNew(): Action {
    const { random, shape, command } = this;
    const reuse = this.recent.length > 0 && random.chance(0.01);
    command.orderId = reuse ? random.pick(this.recent).id : this.nextId++;
    command.account = random.below(shape.accounts);
    command.instrument = random.below(shape.instruments);
    command.side = random.chance(0.5) ? Side.Buy : Side.Sell;
    command.price = this.price();
    command.quantity = this.quantity();
    if (random.chance(shape.fancy)) this.fillFancy();
    else this.fillPlain();
    if (random.chance(0.002)) this.spoil();
    this.remember();
    return 'newOrder';
  }

  private fillPlain(): void {
    const { random, command } = this;
    command.orderType = random.chance(0.06) ? Market : Limit;
    command.timeInForce = GoodTillCancel;
    const kind = random.below(10);
    if (kind === 0) command.timeInForce = ImmediateOrCancel;
    if (kind === 1) command.timeInForce = FillOrKill;
    command.flags = random.chance(0.1) ? OrderFlags.PostOnly : 0;
  }

  private fillFancy(): void {
    const { random, command } = this;
    command.orderType = random.pick(ORDER_TYPES);
    const times =
      command.orderType === Limit ? LIMIT_TIMES : command.orderType === Market ? MARKET_TIMES : LASTING;
    command.timeInForce = random.chance(0.02) ? random.below(9) : random.pick(times);
    const isLasting = LASTING.includes(command.timeInForce);
    const isStop = command.orderType === Stop || command.orderType === StopLimit;
    command.flags = 0;
    if (isLasting && command.orderType === Limit && random.chance(0.15))
      command.flags = random.pick([1, 1, 3]);
    if (random.chance(0.5)) command.selfTradePrevention = 1 + random.below(4);
    if (isStop) command.stopPrice = this.price();
    if (command.timeInForce === GoodTillDate) command.expireTime = this.time + random.below(80);
    // In peaks that are few enough: two large icebergs trade a peak at a time.
    if (isLasting && random.chance(0.25))
      command.displayedQuantity = 1 + random.below(4) + Math.floor(command.quantity / 32);
    if (command.flags === 0 && !isStop && random.chance(0.12)) command.minimumQuantity = 1 + random.below(12);
    if (isLasting && this.recent.length > 0 && random.chance(0.2)) this.fillLink();
    else if (random.chance(0.2)) this.fillBracket();
    command.conditional = 1;
  }

  private fillLink(): void {
    const { random, command } = this;
    const other = random.pick(this.recent);
    command.contingency = 1 + random.below(2);
    command.linkedOrderId = other.id;
    command.minimumQuantity = 0;
    if (command.orderType === Market || command.orderType === MarketToLimit) command.orderType = Limit;
    if (random.chance(0.05)) return;
    command.account = other.account;
    command.instrument = other.instrument;
  }

  private fillBracket(): void {
    const { random, command, shape } = this;
    const away = shape.step * (command.side === Side.Buy ? 1 : -1) * (random.chance(0.02) ? -1 : 1);
    if (random.chance(0.75)) command.takeProfitPrice = command.price + away * random.below(6);
    if (random.chance(0.75)) command.stopLossPrice = command.price - away * (1 + random.below(5));
    const hasLoss = !Number.isNaN(command.stopLossPrice);
    if (hasLoss && random.chance(0.5)) command.stopLossLimitPrice = this.price();
    this.nextId += 2;
  }

  private fillPhase(): Action {
    const { random, shape, command } = this;
    command.account = 0;
    command.instrument = random.chance(0.02) ? shape.instruments : random.below(shape.instruments);
    command.phase = random.pick(PHASES);
    if (this.isShut) Object.assign(command, { phase: Continuous, instrument: this.shutInstrument });
    this.isShut = command.phase === Halt || command.phase === Closed;
    this.shutInstrument = command.instrument;
    command.referencePrice = random.chance(0.2) ? this.price() : Number.NaN;
    if (random.chance(0.02)) command.referencePrice = 0.5;
    return 'setPhase';
  }

  private fillTime(): Action {
    this.time += this.random.below(30);
    this.command.timestamp = this.time;
    return 'advanceTime';
  }

  /** Mostly near the center, so that many trade; sides overlap. */
  private price(): number {
    const { random, shape } = this;
    const { range } = shape;
    const offset = random.chance(0.7) ? random.below(7) - 3 : random.below(2 * range + 1) - range;
    return shape.center + shape.step * offset;
  }

  private quantity(): number {
    return 1 + this.random.below(this.random.chance(0.05) ? this.shape.maxQuantity : 20);
  }

  private spoil(): void {
    const { command, random } = this;
    const field = random.pick([
      ...(['instrument', 'orderId', 'price', 'quantity', 'side', 'timeInForce', 'flags'] as const),
      ...(['stopPrice', 'displayedQuantity', 'minimumQuantity', 'expireTime', 'linkedOrderId'] as const),
      ...(['selfTradePrevention', 'contingency', 'takeProfitPrice', 'stopLossLimitPrice'] as const),
    ]);
    command[field] = random.pick(field === 'flags' ? [-1] : [-1, 0.5, 2 ** 53, 9, Number.NaN]);
  }

  private fillMassCancel(): Action {
    const { random, shape, command } = this;
    command.account = random.below(shape.accounts);
    command.instrument = random.chance(0.5) ? ALL_INSTRUMENTS : random.below(shape.instruments + 1);
    command.side = random.below(3);
    return 'massCancel';
  }

  /** Keeps a window of ids to cancel and amend, replaced at random. */
  private remember(): void {
    const { orderId: id, account, instrument } = this.command;
    const { window } = this.shape;
    if (this.recent.length < window) this.recent.push({ id, account, instrument });
    else this.recent[this.random.below(window)] = { id, account, instrument };
  }
}

/** Gives the command to a matching implementation. */
export function apply(matching: Matching, action: Action, command: MatchingCommand): void {
  Object.assign(matching.command, command);
  matching[action]();
}
