import { formatDecimal } from '../../lib/decimal.js';
import { REASON_NAMES, SIDE_NAMES, TRADING_PHASE_NAMES } from '../../lib/enums.js';
import type { InstrumentTable } from '../../lib/instruments.js';
import * as InstrumentStatus from '../../messages/views/instrument-status.js';
import * as MarketTrade from '../../messages/views/market-trade.js';
import { bookMembers } from './book-text.js';
import type { MarketIntake } from './market-intake.js';
import type { OrderStore } from './order-store.js';
import type { PositionStore } from './position-store.js';
import { executionTypeName, type Renderer } from './render.js';
import type { Session } from './session.js';
import type { Subscriptions } from './subscriptions.js';

/** Books are sent this often at the most, ns: they are conflated, the last state wins. Nothing else is. */
export const BOOK_INTERVAL = 50_000_000;

export interface BroadcastParts {
  readonly subscriptions: Subscriptions;
  readonly renderer: Renderer;
  readonly store: OrderStore;
  readonly positions: PositionStore;
  readonly instruments: InstrumentTable;
}

/** Sends what happens to the WebSocket clients that subscribed to it. Text is made once, however many want it. */
export class Broadcast {
  readonly #parts: BroadcastParts;
  readonly #changed: boolean[];
  /** A changed book waits for its time to be sent. */
  #waiting = false;
  #nextBooks = 0;

  constructor(parts: BroadcastParts) {
    this.#parts = parts;
    this.#changed = parts.instruments.all.map(() => false);
  }

  onBook(instrument: number): void {
    if (instrument >= this.#changed.length || this.#parts.subscriptions.books[instrument].size === 0) return;
    this.#changed[instrument] = true;
    this.#waiting = true;
  }

  /** Session time of the next {@link flushBooks} that has something to send. */
  nextDue(): number {
    return this.#waiting ? this.#nextBooks : Number.POSITIVE_INFINITY;
  }

  onTrade(words: Int32Array, at: number): void {
    const { subscriptions, instruments, renderer } = this.#parts;
    const index = MarketTrade.instrument(words, at);
    const sessions = subscriptions.trades[index];
    if (sessions === undefined || sessions.size === 0) return;
    const instrument = instruments.all[index];
    this.#send(
      sessions,
      `"type":"trade","symbol":"${instrument.symbol}"` +
        `,"price":"${formatDecimal(MarketTrade.price(words, at), instrument.tick)}"` +
        `,"quantity":"${formatDecimal(MarketTrade.quantity(words, at), instrument.lot)}"` +
        `,"taker_side":"${SIDE_NAMES[MarketTrade.takerSide(words, at)]}"` +
        `,"trade_id":"${MarketTrade.tradeId(words, at)}"` +
        `,"timestamp_ns":"${renderer.time(MarketTrade.timestamp(words, at))}"`,
    );
  }

  /** Trades were lost on the way here. Books were too, but each one sent is whole. */
  onTradesLost(): void {
    const subscribers = new Set(this.#parts.subscriptions.trades.flatMap((sessions) => [...sessions]));
    for (const session of subscribers) session.skip();
  }

  /** `words` and `at` hold the InstrumentStatus. */
  onStatus(instrument: number, words: Int32Array, at: number): void {
    const { subscriptions, renderer } = this.#parts;
    const sessions = subscriptions.statuses[instrument];
    if (sessions === undefined || sessions.size === 0) return;
    const previous = TRADING_PHASE_NAMES[InstrumentStatus.previousPhase(words, at)];
    const reason = InstrumentStatus.reason(words, at);
    const why = reason === 0 ? 'null' : `"${REASON_NAMES[reason]}"`;
    const members = renderer.statusMembers(instrument);
    this.#send(sessions, `"type":"status",${members},"previous_phase":"${previous}","reason":${why}`);
  }

  /** Phase and auction price of an instrument (-1: of all) as they are, for a new subscriber. */
  sendStatusTo(session: Session, instrument: number): void {
    const { instruments, renderer } = this.#parts;
    for (const { index } of instruments.all) {
      if ((instrument >= 0 && index !== instrument) || !renderer.hasStatus(index)) continue;
      const members = renderer.statusMembers(index);
      session.send(`"type":"status",${members},"previous_phase":null,"reason":null`);
    }
  }

  onReport(place: number, executionType: number, reason: number): void {
    const { subscriptions, renderer } = this.#parts;
    if (subscriptions.orders.size === 0) return;
    this.#sendOrders(place, renderer.orderEvent(place, executionTypeName(executionType), 0, reason));
  }

  onExecution(place: number, number: number): void {
    const { subscriptions, renderer } = this.#parts;
    if (subscriptions.orders.size > 0) this.#sendOrders(place, renderer.orderEvent(place, 'TRADE', number));
  }

  onPosition(at: number): void {
    const { subscriptions, renderer, positions } = this.#parts;
    if (subscriptions.positions.size === 0) return;
    const account = positions.account(at);
    const members = `"type":"position",${renderer.position(at).slice(1, -1)}`;
    for (const session of subscriptions.positions) {
      if (session.positions === 0 || session.positions === account) session.send(members);
    }
  }

  /** Sends the books that changed, when it is time. */
  flushBooks(now: number, market: MarketIntake): void {
    if (!this.#waiting || now < this.#nextBooks) return;
    this.#waiting = false;
    this.#nextBooks = now + BOOK_INTERVAL;
    for (let instrument = 0; instrument < this.#changed.length; instrument++) {
      if (!this.#changed[instrument]) continue;
      this.#changed[instrument] = false;
      this.#sendBook(instrument, market);
    }
  }

  /** The book as it is, for a new subscriber. */
  sendBookTo(session: Session, instrument: number, market: MarketIntake): void {
    const depth = session.books.get(instrument);
    if (depth !== undefined) session.send(this.#bookText(instrument, depth, market));
  }

  #sendBook(instrument: number, market: MarketIntake): void {
    const texts = new Map<number, string>();
    for (const session of this.#parts.subscriptions.books[instrument]) {
      const depth = session.books.get(instrument) ?? 0;
      let text = texts.get(depth);
      if (text === undefined) {
        text = this.#bookText(instrument, depth, market);
        texts.set(depth, text);
      }
      session.send(text);
    }
  }

  #bookText(instrument: number, depth: number, market: MarketIntake): string {
    const members = bookMembers(
      this.#parts.instruments.all[instrument],
      market.book(instrument),
      depth,
      market.venueSequence(instrument),
    );
    return `"type":"book",${members}`;
  }

  #sendOrders(place: number, members: string): void {
    const account = this.#parts.store.orders.account[place];
    for (const session of this.#parts.subscriptions.orders) {
      if (session.orders === 0 || session.orders === account) session.send(members);
    }
  }

  #send(sessions: ReadonlySet<Session>, members: string): void {
    for (const session of sessions) session.send(members);
  }
}
