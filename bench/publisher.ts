/**
 * Trades out to another process: the publisher agent from a full market ring (JSON on one endpoint, the record on the
 * binary one), against a bare zeromq.js loop that sends ready-made messages of the same sizes on two PUB sockets. Both
 * send to the same kind of subscriber process, in turn, round by round; what counts is messages sent a second.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Publisher } from 'zeromq';
import { loadConfig } from '../src/config/load.js';
import { Side } from '../src/lib/enums.js';
import * as MarketTrade from '../src/messages/views/market-trade.js';
import { RingProducer } from '../src/ring/producer.js';
import { type CollectedLine, collectLog } from '../src/telemetry/agent-log.js';
import { ThreadContext } from '../src/workers/entry-context.js';
import { create, ENDPOINTS } from '../src/workers/publisher-agent.js';
import { createSystem } from '../src/workers/system.js';

interface BenchResult {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}

/** Trades of one round: below the high-water mark, so that nothing is lost and every message is paid for. */
const TRADES = 50_000;
const HIGH_WATER_MARK = 200_000;
const MESSAGES_PER_TRADE = 2;
/** Sends of the bare loop between two turns of the event loop, as many trades as the agent takes in a turn. */
const TRADES_PER_TURN = 128;

/** A subscriber in a process of its own that counts what it gets. */
class Counter {
  received = 0;
  readonly #child: ChildProcess;

  constructor(endpoints: readonly string[]) {
    const script = fileURLToPath(new URL('./support/publisher-subscriber.js', import.meta.url));
    this.#child = fork(script, [...endpoints]);
    this.#child.on('message', (received) => {
      this.received = received as number;
    });
  }

  /** Resolves when `count` messages have come; false after ten seconds without news. */
  async reaches(count: number): Promise<boolean> {
    let last = -1;
    for (let quiet = 0; this.received < count; quiet++) {
      if (this.received !== last) quiet = 0;
      if (quiet > 1000) return false;
      last = this.received;
      await pause(10);
    }
    return true;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** A way to send trades; both contestants are one. */
interface Contestant {
  readonly endpoints: readonly string[];
  /** Sends that many trades, two messages each; resolves with the nanoseconds that the sending took. */
  send(trades: number): Promise<number>;
  close(): Promise<void>;
}

async function openAgent(): Promise<Contestant> {
  const flags = ENDPOINTS.map((name) => `--publisher.${name}=tcp://127.0.0.1:0`);
  flags.push(`--publisher.high_water_mark=${HIGH_WATER_MARK}`);
  const system = createSystem(loadConfig({ env: {}, flags }).config, 1);
  const lines: CollectedLine[] = [];
  const index = system.threads.findIndex((plan) => plan.agents.includes('publisher'));
  const context = new ThreadContext(system, index).contextOf('publisher');
  const agent = create({ ...context, log: collectLog(lines) });
  await agent.start?.(0);
  const handle = system.rings.market;
  if (handle === undefined) throw new Error('no market ring');
  const producer = new RingProducer(handle);
  const bound = lines[0].fields as Record<string, string>;
  return {
    endpoints: [bound.trades, bound.binary],
    send: async (trades) => {
      for (let i = 1; i <= trades; i++) writeTrade(producer, i, context.clock.now());
      producer.publish();
      const start = performance.now();
      while (agent.doWork(context.clock.now()) > 0) await new Promise(setImmediate);
      return (performance.now() - start) * 1e6;
    },
    close: async () => agent.close?.(),
  };
}

function writeTrade(producer: RingProducer, i: number, now: number): void {
  const at = producer.claim(MarketTrade.TYPE, MarketTrade.BYTES);
  const side = i % 2 === 0 ? Side.Buy : Side.Sell;
  const price = 6_000_000 + (i % 1000);
  MarketTrade.encode(producer.words, at, i, i, now, now, price, 1 + (i % 5000), 0, side);
  producer.commit();
}

async function openBare(json: Buffer): Promise<Contestant> {
  const sockets = [0, 1].map(
    () => new Publisher({ linger: 0, sendTimeout: 0, sendHighWaterMark: HIGH_WATER_MARK }),
  );
  for (const socket of sockets) await socket.bind('tcp://127.0.0.1:*');
  const [text, binary] = sockets;
  const frames = [Buffer.from('MarketTrade.BTC-USD'), Buffer.alloc(MarketTrade.BYTES)];
  return {
    endpoints: sockets.map((socket) => socket.lastEndpoint ?? ''),
    send: async (trades) => {
      const start = performance.now();
      for (let i = 1; i <= trades; i++) {
        void text.send(json);
        void binary.send(frames);
        if (i % TRADES_PER_TURN === 0) await new Promise(setImmediate);
      }
      return (performance.now() - start) * 1e6;
    },
    close: async () => {
      for (const socket of sockets) socket.close();
    },
  };
}

/** A trade as the agent prints it: its length is what matters. */
const SAMPLE = Buffer.from(
  '{"exchange":"MILLRACE","symbol":"BTC-USD","timestamp_ns":1700000000123456789,' +
    '"receipt_timestamp_ns":1700000000123456789,"price":60005.01,"amount":0.2501,"side":"SELL","seq":25000,' +
    '"transaction_price":60005.01,"trading_volume":62512.5025,"volatility":null}',
);

/** Sends single trades until both messages of one arrive: from then on nothing that is sent is missed. */
async function introduce(contestant: Contestant, counter: Counter): Promise<void> {
  for (let before = 0; ; before = counter.received) {
    await contestant.send(1);
    await pause(100);
    if (counter.received === before + MESSAGES_PER_TRADE) return;
  }
}

interface Rounds {
  /** Nanoseconds a message, by round. */
  readonly perMessage: number[];
  lost: number;
}

async function play(contestant: Contestant, counter: Counter, trades: number, rounds: Rounds): Promise<void> {
  const before = counter.received;
  const nanoseconds = await contestant.send(trades);
  const messages = trades * MESSAGES_PER_TRADE;
  rounds.perMessage.push(nanoseconds / messages);
  if (!(await counter.reaches(before + messages))) rounds.lost += before + messages - counter.received;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

export async function run(options: { smoke: boolean }): Promise<BenchResult> {
  const trades = options.smoke ? 2000 : TRADES;
  const contestants = [await openAgent(), await openBare(SAMPLE)];
  const counters = contestants.map(({ endpoints }) => new Counter(endpoints));
  const results: Rounds[] = contestants.map(() => ({ perMessage: [], lost: 0 }));
  try {
    for (const [i, contestant] of contestants.entries()) await introduce(contestant, counters[i]);
    const rounds = options.smoke ? 1 : 9;
    for (let round = 0; round < rounds; round++) {
      for (const [i, contestant] of contestants.entries()) {
        await play(contestant, counters[i], trades, results[i]);
      }
    }
  } finally {
    for (const counter of counters) await counter.stop();
    for (const contestant of contestants) await contestant.close();
  }
  return report(results, trades);
}

function report(results: readonly Rounds[], trades: number): BenchResult {
  const [agent, bare] = results.map(({ perMessage }) => median(perMessage));
  const ratio = median(results[0].perMessage.map((one, round) => results[1].perMessage[round] / one));
  const lost = results[0].lost + results[1].lost;
  const rate = (perMessage: number): string => `${Math.round(1e6 / perMessage)} k messages/s`;
  return {
    name: 'publisher',
    text: [
      `publisher agent   ${rate(agent)}  ${Math.round(agent)} ns each, ${Math.round(5e5 / agent)} k trades/s (JSON and binary)`,
      `bare PUB sockets  ${rate(bare)}  ${Math.round(bare)} ns each, ready-made messages of ${SAMPLE.length} and ${MarketTrade.BYTES} bytes`,
      `ratio ${ratio.toFixed(2)} (median of ${results[0].perMessage.length} rounds of ${trades} trades), ${lost} messages lost`,
    ],
    figures: {
      agent_messages_per_second: 1e9 / agent,
      bare_messages_per_second: 1e9 / bare,
      ratio,
      lost,
    },
  };
}
