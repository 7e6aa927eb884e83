import type { Agent } from '../agent/agent.js';
import { LevelBuilder, type LevelChange, type LevelChanges } from '../book/level-builder.js';
import { LevelList } from '../book/level-list.js';
import { ReportEvent, TradeEvent } from '../book/matching.js';
import { LOCAL_VENUE } from '../config/names.js';
import { fail } from '../lib/assert.js';
import { EventFlags, Side } from '../lib/enums.js';
import { mayBookCross } from '../lib/phases.js';
import { numberBase, shardOfNumber } from '../lib/shards.js';
import * as ExecutionReport from '../messages/views/execution-report.js';
import * as InstrumentStatus from '../messages/views/instrument-status.js';
import * as Trade from '../messages/views/trade.js';
import type { RecordReader } from '../ring/merged-consumer.js';
import { MarketPrices } from '../risk/market-prices.js';
import type { CounterWriter } from '../telemetry/board.js';
import { counterIds } from '../telemetry/registry.js';
import { MarketEvent } from '../venues/market-sink.js';
import { openOrderCapacity } from './capacities.js';
import type { AgentContext, AgentFactory } from './context.js';
import { readReportEvent, readStatusEvent, readTradeEvent } from './event-messages.js';
import { openEvents } from './event-rings.js';
import { LEVELS, LocalMarket, SNAPSHOT, STATUS } from './local-market.js';
import { MarketRingSink } from './market-ring-sink.js';
import { PHASE_BY_NAME } from './matching-setup.js';

const C = counterIds('market-data');

/** Events of a duty cycle at most. */
const EVENT_BURST = 1024;

/** How far the events of one shard have come. */
interface ShardEvents {
  readonly builder: LevelBuilder;
  eventSequence: number;
  /** Instrument whose book may be read again when the command in hand ends; -1: none. */
  opening: number;
}

/**
 * Public market data out of matching's events: every trade, and once a duty cycle and instrument the levels that changed,
 * with their absolute quantities, followed by the features of the book. A phase change is passed on at once, a new
 * indicative price once a duty cycle. While an auction is collected, buys and sells may cross: the levels go out without the
 * flag Synced and without features, and when trading has come back the whole book with it. Phases and books are told
 * in whole at start and then at an interval, for readers that come late or were lapped. All times in the records are
 * those that risk stamped, so they follow from the events alone.
 */
class MarketDataAgent implements Agent, LevelChanges {
  readonly name = 'market-data';
  readonly #events: RecordReader;
  readonly #sink: MarketRingSink;
  /** By shard, like all that holds from the first event of a command to its last. */
  readonly #shards: readonly ShardEvents[];
  readonly #markets: readonly (LocalMarket | undefined)[];
  readonly #counters: CounterWriter;
  readonly #snapshotInterval: number;
  /** Best prices for the checks of risk. */
  readonly #prices: MarketPrices;
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
    this.#events = openEvents(context);
    this.#sink = new MarketRingSink(context.producer('market'), () => context.awaitRoom(context.clock.now()));
    const levels = openOrderCapacity(config) + 1;
    this.#shards = Array.from({ length: config.matching.shards }, (_, shard) => {
      const builder = new LevelBuilder({ instruments: instruments.count, levels }, this);
      return { builder, eventSequence: numberBase(shard), opening: -1 };
    });
    this.#markets = instruments.all.map(({ index, venue, referenceTicks }) => {
      if (venue !== LOCAL_VENUE) return undefined;
      return new LocalMarket(index, PHASE_BY_NAME[config.instruments[index].initial_phase], referenceTicks);
    });
    this.#changed = new Int32Array(instruments.count);
    this.#prices = new MarketPrices(context.sharedState('market.prices'), instruments.count);
    this.#counters = context.counters;
    this.#snapshotInterval = config.publisher.snapshot_interval_ms * 1e6;
  }

  start(now: number): void {
    this.#publishAll(now);
    this.#sink.producer.publish();
  }

  doWork(now: number): number {
    const taken = this.#drainEvents();
    // Also what `relieve` has drained since the last cycle.
    if (this.#changedCount > 0) this.#publishChanges();
    if (now >= this.#nextSnapshot) this.#publishAll(now);
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
      else if (events.type === InstrumentStatus.TYPE) this.#onStatus(events.words, events.at);
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
    const { builder } = this.#follow(Trade.eventSequence(words, at));
    this.#timestamp = Trade.timestamp(words, at);
    readTradeEvent(trade, words, at);
    builder.trade(trade);
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
    const shard = this.#follow(ExecutionReport.eventSequence(words, at));
    this.#timestamp = ExecutionReport.timestamp(words, at);
    readReportEvent(this.#report, words, at);
    shard.builder.report(this.#report);
    if (shard.opening >= 0 && (this.#report.flags & EventFlags.EndOfCommand) !== 0) this.#open(shard);
  }

  /** The shard of an event. This reader gates matching, so it cannot miss one. */
  #follow(eventSequence: number): ShardEvents {
    const shard = this.#shards[shardOfNumber(eventSequence)];
    const due = shard.eventSequence + 1;
    if (eventSequence !== due) fail(`market-data: event ${eventSequence} where ${due} is due`);
    shard.eventSequence = eventSequence;
    this.#eventSequence = eventSequence;
    return shard;
  }

  /** LevelChanges: a command has ended and left a level like this. */
  levelChanged(change: LevelChange): void {
    const { instrument, price, quantity } = change;
    const market = this.#marketOf(instrument);
    const isBid = change.side === Side.Buy;
    (isBid ? market.book.bids : market.book.asks).set(price, quantity);
    (isBid ? market.bids : market.asks).note(price, quantity);
    this.#note(instrument, market, LEVELS);
  }

  #onStatus(words: Int32Array, at: number): void {
    const shard = this.#follow(InstrumentStatus.eventSequence(words, at));
    this.#timestamp = InstrumentStatus.timestamp(words, at);
    const instrument = InstrumentStatus.instrument(words, at);
    const market = this.#marketOf(instrument);
    const { status } = market;
    readStatusEvent(status, words, at);
    market.statusSequence = this.#eventSequence;
    market.statusTime = this.#timestamp;
    if (status.phase === status.previousPhase) {
      this.#note(instrument, market, STATUS);
      return;
    }
    this.#publishStatus(instrument, market);
    const mayCross = mayBookCross(status.phase, status.previousPhase, market.mayCross);
    // The book is a market again when the uncross is over, which is when the command ends.
    if (!mayCross) shard.opening = market.mayCross ? instrument : -1;
    else {
      shard.opening = -1;
      if (!market.mayCross) market.features.onWithdrawn();
      market.mayCross = true;
      this.#note(instrument, market, LEVELS);
    }
  }

  #open(shard: ShardEvents): void {
    const { opening } = shard;
    const market = this.#marketOf(opening);
    market.mayCross = false;
    this.#note(opening, market, SNAPSHOT);
    shard.opening = -1;
  }

  #note(instrument: number, market: LocalMarket, what: number): void {
    market.sequence = this.#eventSequence;
    market.timestamp = this.#timestamp;
    if (market.untold === 0) this.#changed[this.#changedCount++] = instrument;
    market.untold |= what;
  }

  #publishChanges(): void {
    for (let i = 0; i < this.#changedCount; i++) {
      const instrument = this.#changed[i];
      const market = this.#marketOf(instrument);
      const { untold } = market;
      market.untold = 0;
      if ((untold & STATUS) !== 0) this.#publishStatus(instrument, market);
      if ((untold & SNAPSHOT) !== 0) this.#publishSnapshot(instrument, market);
      else if ((untold & LEVELS) !== 0) this.#publishLevels(instrument, market);
      this.#publishTouch(instrument, market);
    }
    this.#changedCount = 0;
  }

  /** For the checks of risk; a book that is no market has no best prices. */
  #publishTouch(instrument: number, market: LocalMarket): void {
    const { bids, asks } = market.book;
    const bid = market.mayCross || bids.count === 0 ? 0 : bids.bestPrice();
    const ask = market.mayCross || asks.count === 0 ? 0 : asks.bestPrice();
    this.#prices.write(instrument, bid, ask);
  }

  #publishLevels(instrument: number, market: LocalMarket): void {
    this.#describe(instrument, market);
    this.#moveLevels(market);
    this.#sink.bookUpdate(this.#event, this.#levels, !market.mayCross);
    this.#publishFeatures(market);
    this.#counters.add(C.updates_total, 1);
  }

  #moveLevels(market: LocalMarket): void {
    this.#levels.bidCount = market.bids.moveTo(this.#levels, 0);
    this.#levels.askCount = market.asks.moveTo(this.#levels, this.#levels.bidCount);
  }

  #publishSnapshot(instrument: number, market: LocalMarket): void {
    this.#describe(instrument, market);
    // What has changed is part of it.
    this.#moveLevels(market);
    this.#sink.bookSnapshot(this.#event, market.book, !market.mayCross);
    this.#publishFeatures(market);
    this.#counters.add(C.snapshots_total, 1);
  }

  /** Midpoint, spread and order flow of a book that is no market mean nothing. */
  #publishFeatures(market: LocalMarket): void {
    if (market.mayCross) return;
    market.features.onBook(market, market.book);
    this.#sink.features(this.#event, market.features);
  }

  #publishStatus(instrument: number, market: LocalMarket): void {
    const event = this.#event;
    event.instrument = instrument;
    event.venueSequence = market.statusSequence;
    event.timestamp = market.statusTime;
    event.receiveTimestamp = market.statusTime;
    this.#sink.marketStatus(event, market.status);
    this.#counters.add(C.statuses_total, 1);
  }

  #publishAll(now: number): void {
    this.#nextSnapshot = now + this.#snapshotInterval;
    for (let instrument = 0; instrument < this.#markets.length; instrument++) {
      const market = this.#markets[instrument];
      if (market === undefined) continue;
      this.#publishStatus(instrument, market);
      this.#publishSnapshot(instrument, market);
    }
  }

  #describe(instrument: number, market: LocalMarket): void {
    const event = this.#event;
    event.instrument = instrument;
    event.venueSequence = market.sequence;
    event.timestamp = market.timestamp;
    event.receiveTimestamp = market.timestamp;
  }

  #marketOf(instrument: number): LocalMarket {
    return this.#markets[instrument] ?? fail(`market-data: instrument ${instrument} is not matched here`);
  }
}

export const create = (context: AgentContext): MarketDataAgent => new MarketDataAgent(context);
create satisfies AgentFactory;
