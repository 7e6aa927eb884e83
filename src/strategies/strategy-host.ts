import type { Instrument } from '../lib/instruments.js';
import type { Random } from '../lib/random.js';
import type { MarketBook } from './market-book.js';
import type { MarketStatus } from './market-status.js';
import type {
  BookView,
  FillView,
  Market,
  ReportView,
  StatusView,
  Strategy,
  StrategyLog,
  TradeView,
  Trading,
} from './strategy.js';
import { type CommandSink, type Trader, TradingDesk } from './trading-desk.js';

/** What a host needs beside the strategy. */
export interface HostOptions extends Trader {
  readonly name: string;
  readonly watched: readonly Instrument[];
  readonly random: Random;
  readonly log: StrategyLog;
  readonly sink: CommandSink;
  /** Views by instrument number, shared by all strategies. */
  readonly books: readonly (MarketBook | undefined)[];
  readonly statuses: readonly (MarketStatus | undefined)[];
  /** Called once when the strategy throws; it gets no further call. */
  readonly onFailure: (name: string, error: unknown) => void;
}

/**
 * Runs one strategy: gives it its market, passes events on, and stands between it and the others: when it throws, it is
 * switched off and its orders are cancelled, and nobody else notices.
 */
export class StrategyHost implements Market {
  readonly name: string;
  readonly instruments: readonly Instrument[];
  readonly watched: readonly Instrument[];
  readonly random: Random;
  readonly log: StrategyLog;
  readonly desk: TradingDesk;
  /** When the strategy wants its next onTimer. */
  due = Number.POSITIVE_INFINITY;
  readonly #strategy: Strategy;
  readonly #books: readonly (BookView | undefined)[];
  readonly #statuses: readonly (StatusView | undefined)[];
  readonly #readable: Uint8Array;
  readonly #onFailure: (name: string, error: unknown) => void;

  constructor(strategy: Strategy, options: HostOptions) {
    this.name = options.name;
    this.instruments = options.instruments;
    this.watched = options.watched;
    this.random = options.random;
    this.log = options.log;
    this.desk = new TradingDesk(options, options.sink);
    this.#strategy = strategy;
    this.#books = options.books;
    this.#statuses = options.statuses;
    this.#readable = new Uint8Array(options.books.length);
    for (const { index } of [...options.instruments, ...options.watched]) this.#readable[index] = 1;
    this.#onFailure = options.onFailure;
  }

  get trading(): Trading {
    return this.desk;
  }

  book(instrument: number): BookView {
    return this.#own(this.#books, 'book', instrument);
  }

  status(instrument: number): StatusView {
    return this.#own(this.#statuses, 'status', instrument);
  }

  #own<View>(views: readonly (View | undefined)[], what: string, instrument: number): View {
    const view = this.#readable[instrument] === 1 ? views[instrument] : undefined;
    if (view !== undefined) return view;
    const readable = [...this.instruments, ...this.watched];
    const own = readable.map(({ index, symbol }) => `${index} (${symbol})`).join(', ');
    throw new RangeError(`strategy ${this.name}: ${what} of instrument ${instrument}, allowed: ${own}`);
  }

  wakeAt(time: number): void {
    if (Number.isNaN(time))
      throw new RangeError(`strategy ${this.name}: wakeAt(NaN), allowed: a time or Infinity`);
    this.due = time;
  }

  /** Gets no calls any more; its orders are being cancelled or gone. */
  get stopped(): boolean {
    return this.desk.closed;
  }

  start(now: number): void {
    this.desk.now = now;
    try {
      this.#strategy.onStart(this, now);
    } catch (error) {
      this.#fail(error);
    }
  }

  onBook(book: BookView, now: number): void {
    if (this.stopped || this.#readable[book.instrument] !== 1) return;
    this.desk.now = now;
    try {
      this.#strategy.onBook?.(book, now);
    } catch (error) {
      this.#fail(error);
    }
  }

  onTrade(trade: TradeView, now: number): void {
    if (this.stopped || this.#readable[trade.instrument] !== 1) return;
    this.desk.now = now;
    try {
      this.#strategy.onTrade?.(trade, now);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** `changed`: the phase is another one; otherwise where the auction would execute. */
  onStatus(status: StatusView, changed: boolean, now: number): void {
    if (this.stopped || this.#readable[status.instrument] !== 1) return;
    this.desk.now = now;
    try {
      if (changed) this.#strategy.onPhase?.(status, now);
      else this.#strategy.onIndicativePrice?.(status, now);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The desk is kept up to date also when the strategy has stopped. */
  onFill(fill: FillView, now: number): void {
    const { desk } = this;
    desk.now = now;
    desk.onFill(fill.orderId, fill.instrument, fill.side, fill.quantity, fill.leaves, fill.maker);
    if (this.stopped) return;
    try {
      this.#strategy.onFill?.(fill, now);
    } catch (error) {
      this.#fail(error);
    }
  }

  onExecutionReport(report: ReportView, now: number): void {
    const { desk } = this;
    desk.now = now;
    desk.onReport(report);
    if (this.stopped) return;
    try {
      this.#strategy.onExecutionReport?.(report, now);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Calls onTimer when it is due; true when it was. */
  onTime(now: number): boolean {
    if (now < this.due || this.stopped) return false;
    this.due = Number.POSITIVE_INFINITY;
    this.desk.now = now;
    try {
      this.#strategy.onTimer?.(now);
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  /** Tells the strategy that it ends, and takes no orders from it any more. */
  stop(now: number): void {
    if (this.stopped) return;
    this.desk.now = now;
    this.#close();
    try {
      this.#strategy.onStop?.(now);
    } catch (error) {
      this.#onFailure(this.name, error);
    }
  }

  /** Once stopped: cancels up to `limit` orders that are still open; returns how many cancels were sent. */
  cancelSome(limit: number, now: number): number {
    this.desk.now = now;
    return this.desk.cancelSome(limit);
  }

  #close(): void {
    this.desk.closed = true;
    this.due = Number.POSITIVE_INFINITY;
  }

  #fail(error: unknown): void {
    this.#close();
    this.#onFailure(this.name, error);
  }
}
