import { availableParallelism } from 'node:os';
import type { Agent } from '../agent/agent.js';
import { LOCAL_VENUE } from '../config/names.js';
import { FIRST_STRATEGY_SOURCE } from '../lib/order-ids.js';
import { seededRandom } from '../lib/random.js';
import { MarketBook } from '../strategies/market-book.js';
import { MarketStatus } from '../strategies/market-status.js';
import type { Strategy, TradeView } from '../strategies/strategy.js';
import { StrategyHost } from '../strategies/strategy-host.js';
import { counterIds } from '../telemetry/registry.js';
import { planThreads } from '../topology.js';
import type { AgentContext, AgentFactory } from './context.js';
import { PHASE_BY_NAME } from './matching-setup.js';
import { CommandWriter } from './strategy-commands.js';
import { OwnEventReader } from './strategy-events.js';
import { MarketDataReader } from './strategy-market-data.js';
import { buildStrategy } from './strategy-setup.js';

const COUNTERS = counterIds('strategies');

/** Records of each ring in one duty cycle at most. */
const EVENT_BURST = 512;
const MARKET_BURST = 2048;
/** Cancels of a stopped strategy in one duty cycle at most. */
const CANCEL_BURST = 256;
/** Pause before cancels that found the command ring full are tried again. */
const RETRY_NS = 1e6;
/** The same when risk refused cancels for their rate: tried again at once, each would be refused again and come back at once. */
const RATE_RETRY_NS = 1e8;
/**
 * On a thread that parks, timers are served at multiples of this: one wake-up goes through the whole pipeline and costs
 * about 1 ms of processor time over all threads (ARCHITECTURE.md, threads). Threads that spin serve timers at once.
 */
const PARKED_GRANULARITY_NS = 20e6;

/**
 * Hosts all strategies of the configuration: gives each its own events and the books, and takes their orders to risk.
 * A strategy that throws is switched off alone. Strategies are built in `start`, because a user's module is loaded
 * from disk.
 */
export class StrategiesAgent implements Agent {
  readonly name = 'strategies';
  readonly #context: AgentContext;
  readonly #events: OwnEventReader;
  readonly #commands: CommandWriter;
  readonly #readers: MarketDataReader[] = [];
  readonly #books: readonly (MarketBook | undefined)[];
  readonly #statuses: readonly (MarketStatus | undefined)[];
  /** By source number, counted from FIRST_STRATEGY_SOURCE. */
  readonly #hosts: StrategyHost[] = [];
  readonly #granularity: number;
  #now = 0;
  /** Hosts that have stopped and may have open orders. */
  #stopping = false;
  /** When to go on cancelling, after the command ring was full or risk refused cancels for their rate; else Infinity. */
  #retryAt = Number.POSITIVE_INFINITY;

  constructor(context: AgentContext) {
    this.#context = context;
    this.#events = new OwnEventReader(context, this.#hosts);
    this.#commands = new CommandWriter(context.producer('commands.strategies'), context.counters);
    this.#books = booksOf(context);
    this.#statuses = this.#books.map((book) => book && statusOf(context, book.instrument));
    const listener = {
      onTrade: (trade: TradeView) => this.#onTrade(trade),
      onBook: (book: MarketBook) => this.#onBook(book),
      onStatus: (status: MarketStatus, changed: boolean) => this.#onStatus(status, changed),
      onLapped: () => context.counters.add(COUNTERS.laps_total, 1),
    };
    for (const ring of ['market', 'feed'] as const) {
      if (!context.hasRing(ring)) continue;
      // Each ring has the books of its own venues; losses on one say nothing of the other's.
      const books = this.#books.map((book) =>
        book && ringOf(context, book.instrument) === ring ? book : undefined,
      );
      this.#readers.push(new MarketDataReader(context.lossy(ring), books, this.#statuses, listener));
    }
    this.#granularity = parks(context) ? PARKED_GRANULARITY_NS : 0;
  }

  async start(now: number): Promise<void> {
    const { config, log } = this.#context;
    for (const [index, settings] of config.strategies.entries()) {
      const strategy = await buildStrategy(config, settings);
      this.#hosts.push(this.#hostOf(strategy, index));
    }
    this.#now = now;
    for (const host of this.#hosts) host.start(now);
    this.#publishNow();
    log.info(`${this.#hosts.length} strategies started`, { seed: config.seed });
  }

  doWork(now: number): number {
    this.#now = now;
    let work = this.#events.drain(EVENT_BURST, now);
    for (let i = 0; i < this.#readers.length; i++) work += this.#readers[i].read(MARKET_BURST);
    work += this.#runTimers(now);
    if (this.#stopping) work += this.#cancelOrdersOfStopped(now);
    this.#commands.publish();
    return work;
  }

  hasWork(): boolean {
    if (this.#events.hasNext()) return true;
    for (let i = 0; i < this.#readers.length; i++) if (this.#readers[i].hasNext()) return true;
    return false;
  }

  nextDue(): number {
    let due = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#hosts.length; i++) due = Math.min(due, this.#hosts[i].due);
    const served = this.#granularity > 0 ? Math.ceil(due / this.#granularity) * this.#granularity : due;
    return Math.min(served, this.#retryAt);
  }

  relieve(now: number): number {
    this.#now = now;
    const drained = this.#events.drain(EVENT_BURST, now);
    this.#commands.publish();
    return drained;
  }

  /** Strategies end here; their open orders are cancelled now, and in further duty cycles where there are many. */
  stopAccepting(): void {
    for (const host of this.#hosts) host.stop(this.#now);
    this.#stopping = true;
    this.#cancelOrdersOfStopped(this.#now);
    this.#publishNow();
  }

  close(): void {
    const open = this.#hosts.reduce((sum, host) => sum + (host.stopped ? host.desk.orders.count : 0), 0);
    if (open > 0) this.#context.log.warn(`${open} orders of stopped strategies were still open at the end`);
  }

  /** Outside a duty cycle nobody else wakes the consumers. */
  #publishNow(): void {
    this.#commands.publish();
    this.#context.wakeDownstream();
  }

  #hostOf(strategy: Strategy, index: number): StrategyHost {
    const { config, instruments, log } = this.#context;
    const { name, account, instruments: traded, watch } = config.strategies[index];
    return new StrategyHost(strategy, {
      name,
      account,
      source: FIRST_STRATEGY_SOURCE + index,
      instruments: instruments.all.filter(({ symbol }) => traded.includes(symbol)),
      watched: instruments.all.filter(({ symbol }) => watch.includes(symbol) && !traded.includes(symbol)),
      random: seededRandom(config.seed, name),
      books: this.#books,
      statuses: this.#statuses,
      sink: this.#commands,
      log: {
        info: (message) => log.info(message, { strategy: name }),
        warn: (message) => log.warn(message, { strategy: name }),
      },
      onFailure: (failed, error) => this.#onFailure(failed, error),
    });
  }

  #onFailure(name: string, error: unknown): void {
    const { counters, log } = this.#context;
    counters.add(COUNTERS.disabled, 1);
    counters.add(COUNTERS.errors_total, 1);
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error(`strategy ${name} threw and is switched off; its orders are being cancelled`, { cause });
    this.#stopping = true;
  }

  #onTrade(trade: TradeView): void {
    for (let i = 0; i < this.#hosts.length; i++) this.#hosts[i].onTrade(trade, this.#now);
  }

  #onBook(book: MarketBook): void {
    for (let i = 0; i < this.#hosts.length; i++) this.#hosts[i].onBook(book, this.#now);
  }

  #onStatus(status: MarketStatus, changed: boolean): void {
    for (let i = 0; i < this.#hosts.length; i++) this.#hosts[i].onStatus(status, changed, this.#now);
  }

  /** On a parking thread timers wait for the next multiple of the granularity, woken early or not. */
  #runTimers(now: number): number {
    const granularity = this.#granularity;
    const served = granularity > 0 ? Math.floor(now / granularity) * granularity : now;
    let ran = 0;
    for (let i = 0; i < this.#hosts.length; i++) {
      if (this.#hosts[i].due > served) continue;
      this.#hosts[i].onTime(now);
      ran++;
    }
    return ran;
  }

  #cancelOrdersOfStopped(now: number): number {
    const { counters } = this.#context;
    if (this.#areCancelsLimited()) this.#retryAt = now + RATE_RETRY_NS;
    if (this.#retryAt < Number.POSITIVE_INFINITY && now < this.#retryAt) return 0;
    const full = counters.get(COUNTERS.ring_full_total);
    let sent = 0;
    let open = 0;
    for (let i = 0; i < this.#hosts.length; i++) {
      const host = this.#hosts[i];
      if (!host.stopped) continue;
      sent += host.cancelSome(CANCEL_BURST - sent, now);
      open += host.desk.orders.count;
    }
    if (open === 0) this.#stopping = false;
    // Nobody wakes this thread when the ring has room again.
    this.#retryAt = counters.get(COUNTERS.ring_full_total) > full ? now + RETRY_NS : Number.POSITIVE_INFINITY;
    return sent;
  }

  /** Has risk refused a cancel of a stopped strategy for its rate since this was last asked? */
  #areCancelsLimited(): boolean {
    let limited = false;
    for (let i = 0; i < this.#hosts.length; i++) {
      const { desk } = this.#hosts[i];
      if (desk.rateLimited) limited = true;
      desk.rateLimited = false;
    }
    return limited;
  }
}

/** The ring that has the books of an instrument. */
function ringOf({ instruments }: AgentContext, instrument: number): 'market' | 'feed' {
  return instruments.at(instrument)?.venue === LOCAL_VENUE ? 'market' : 'feed';
}

/** A view for every instrument that a strategy reads. */
function booksOf({ config, instruments }: AgentContext): (MarketBook | undefined)[] {
  const read = new Set(config.strategies.flatMap((one) => [...one.instruments, ...one.watch]));
  return instruments.all.map(({ index, symbol }) => (read.has(symbol) ? new MarketBook(index) : undefined));
}

/** As the instrument starts; an outside venue's phases are not known. */
function statusOf({ config, instruments }: AgentContext, index: number): MarketStatus {
  const isLocal = instruments.at(index)?.venue === LOCAL_VENUE;
  return isLocal
    ? new MarketStatus(index, PHASE_BY_NAME[config.instruments[index].initial_phase])
    : new MarketStatus(index);
}

/** Does the thread of this agent park when idle? */
function parks({ name, config }: AgentContext): boolean {
  const thread = planThreads(config, availableParallelism()).find(({ agents }) => agents.includes(name));
  return thread?.idle === 'park';
}

export const create: AgentFactory = (context) => new StrategiesAgent(context);
