import type { Agent } from '../agent/agent.js';
import { DepthBook } from '../book/depth-book.js';
import { BookFeatures } from '../book/features.js';
import { LevelBuilder, type LevelChange, type LevelChanges } from '../book/level-builder.js';
import { LevelList } from '../book/level-list.js';
import { ReportEvent, TradeEvent } from '../book/matching.js';
import { LOCAL_VENUE } from '../config/names.js';
import { fail } from '../lib/assert.js';
import { Side } from '../lib/enums.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as Trade from '../messages/views/trade.js';
import type { RingConsumer } from '../ring/consumer.js';
import type { CounterWriter } from '../telemetry/board.js';
import { counterIds } from '../telemetry/registry.js';
import { MarketEvent } from '../venues/market-sink.js';
import { openOrderCapacity } from './capacities.js';
import { ChangedLevels } from './changed-levels.js';
import type { AgentContext, AgentFactory } from './context.js';
import { readReportEvent, readTradeEvent } from './event-messages.js';
import { MarketRingSink } from './market-ring-sink.js';

const C = counterIds('market-data');

/** Events of a duty cycle at most. */
const EVENT_BURST = 1024;

/** Market data of one instrument that is matched here. */
interface Market {
  readonly book: DepthBook;
  readonly features: BookFeatures;
  readonly bids: ChangedLevels;
  readonly asks: ChangedLevels;
  /** Event sequence and time of the last event. */
  sequence: number;
  timestamp: number;
  dirty: boolean;
}

/**
 * Public market data out of matching's events: every trade, and once a duty cycle and instrument the levels that changed,
 * with their absolute quantities, followed by the features of the book. Books are told in whole at start and then
 * at an interval, for readers that come late or were lapped. All times in the records are those that risk stamped, so
 * they follow from the events alone.
 */
class MarketDataAgent implements Agent, LevelChanges {
  readonly name = 'market-data';
  readonly #events: RingConsumer;
  readonly #sink: MarketRingSink;
  readonly #builder: LevelBuilder;
  readonly #markets: readonly (Market | undefined)[];
  readonly #counters: CounterWriter;
  readonly #snapshotInterval: number;
  readonly #levels = new LevelList();
  readonly #trade = new TradeEvent();
  readonly #report = new ReportEvent();
  readonly #event = new MarketEvent();
  /** Instruments with changes to tell, in the order they changed. */
  readonly #changed: Int32Array;
  #changedCount = 0;
  #eventSequence = 0;
  #timestamp = 0;
  #nextSnapshot = 0;

  constructor(context: AgentContext) {
    const { config, instruments } = context;
    this.#events = context.consumer('events');
    this.#sink = new MarketRingSink(context.producer('market'), () => context.awaitRoom(context.clock.now()));
    const levels = openOrderCapacity(config) + 1;
    this.#builder = new LevelBuilder({ instruments: instruments.count, levels }, this);
    this.#markets = instruments.all.map(({ venue }) => (venue === LOCAL_VENUE ? createMarket() : undefined));
    this.#changed = new Int32Array(instruments.count);
    this.#counters = context.counters;
    this.#snapshotInterval = config.publisher.snapshot_interval_ms * 1e6;
  }

  start(now: number): void {
    this.#publishSnapshots(now);
    this.#sink.producer.publish();
  }

  doWork(now: number): number {
    const taken = this.#drainEvents();
    // Also what `relieve` has drained since the last cycle.
    if (this.#changedCount > 0) this.#publishChanges();
    if (now >= this.#nextSnapshot) this.#publishSnapshots(now);
    this.#sink.producer.publish();
    return taken;
  }

  hasWork(): boolean {
    return this.#changedCount > 0 || this.#events.hasNext();
  }

  relieve(): number {
    return this.#drainEvents();
  }

  #drainEvents(): number {
    const events = this.#events;
    let taken = 0;
    for (; taken < EVENT_BURST && events.next(); taken++) {
      if (events.type === Trade.TYPE) this.#onTrade(events.words, events.at);
      else if (events.type === ExecutionReport.TYPE) this.#onReport(events.words, events.at);
    }
    if (taken > 0) {
      events.release();
      this.#counters.add(C.events_total, taken);
    }
    return taken;
  }

  #onTrade(words: Int32Array, at: number): void {
    const trade = this.#trade;
    const event = this.#event;
    this.#follow(Trade.eventSequence(words, at));
    this.#timestamp = Trade.timestamp(words, at);
    readTradeEvent(trade, words, at);
    this.#builder.trade(trade);
    event.instrument = trade.instrument;
    event.tradeId = trade.tradeId;
    event.timestamp = this.#timestamp;
    event.receiveTimestamp = this.#timestamp;
    event.price = trade.price;
    event.quantity = trade.quantity;
    event.takerSide = trade.takerSide as Side;
    this.#sink.marketTrade(event);
    this.#marketOf(trade.instrument).features.onTrade(event);
    this.#counters.add(C.trades_total, 1);
  }

  #onReport(words: Int32Array, at: number): void {
    this.#follow(ExecutionReport.eventSequence(words, at));
    this.#timestamp = ExecutionReport.timestamp(words, at);
    readReportEvent(this.#report, words, at);
    this.#builder.report(this.#report);
  }

  /** This reader gates matching, so it cannot miss an event. */
  #follow(eventSequence: number): void {
    const due = this.#eventSequence + 1;
    if (eventSequence !== due) fail(`market-data: event ${eventSequence} where ${due} is due`);
    this.#eventSequence = eventSequence;
  }

  /** LevelChanges: a command has ended and left a level like this. */
  levelChanged(change: LevelChange): void {
    const { instrument, price, quantity } = change;
    const market = this.#marketOf(instrument);
    const isBid = change.side === Side.Buy;
    (isBid ? market.book.bids : market.book.asks).set(price, quantity);
    (isBid ? market.bids : market.asks).note(price, quantity);
    market.sequence = this.#eventSequence;
    market.timestamp = this.#timestamp;
    if (market.dirty) return;
    market.dirty = true;
    this.#changed[this.#changedCount++] = instrument;
  }

  #publishChanges(): void {
    for (let i = 0; i < this.#changedCount; i++) {
      const instrument = this.#changed[i];
      const market = this.#marketOf(instrument);
      market.dirty = false;
      this.#describe(instrument, market);
      this.#levels.bidCount = market.bids.moveTo(this.#levels, 0);
      this.#levels.askCount = market.asks.moveTo(this.#levels, this.#levels.bidCount);
      this.#sink.bookUpdate(this.#event, this.#levels);
      market.features.onBook(market, market.book);
      this.#sink.features(this.#event, market.features);
    }
    this.#counters.add(C.updates_total, this.#changedCount);
    this.#changedCount = 0;
  }

  #publishSnapshots(now: number): void {
    this.#nextSnapshot = now + this.#snapshotInterval;
    for (let instrument = 0; instrument < this.#markets.length; instrument++) {
      const market = this.#markets[instrument];
      if (market === undefined) continue;
      this.#describe(instrument, market);
      this.#sink.bookSnapshot(this.#event, market.book);
      market.features.onBook(market, market.book);
      this.#sink.features(this.#event, market.features);
      this.#counters.add(C.snapshots_total, 1);
    }
  }

  #describe(instrument: number, market: Market): void {
    const event = this.#event;
    event.instrument = instrument;
    event.venueSequence = market.sequence;
    event.timestamp = market.timestamp;
    event.receiveTimestamp = market.timestamp;
  }

  #marketOf(instrument: number): Market {
    return this.#markets[instrument] ?? fail(`market-data: instrument ${instrument} is not matched here`);
  }
}

function createMarket(): Market {
  return {
    book: new DepthBook(),
    features: new BookFeatures(),
    bids: new ChangedLevels(),
    asks: new ChangedLevels(),
    sequence: 0,
    timestamp: 0,
    dirty: false,
  };
}

export const create = (context: AgentContext): MarketDataAgent => new MarketDataAgent(context);
create satisfies AgentFactory;
