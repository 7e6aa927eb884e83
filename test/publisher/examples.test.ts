import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Phase, ThreadBoard, ThreadState } from '../../src/agent/thread-board.js';
import { Side } from '../../src/lib/enums.js';
import { RingProducer } from '../../src/ring/producer.js';
import { ENDPOINTS } from '../../src/workers/publisher-agent.js';
import type { System } from '../../src/workers/system.js';
import { writeMarketTrade } from '../support/market-records.js';
import { publisherThread, systemOf } from '../support/publisher-rig.js';
import { ON_CI, pythonWith } from '../support/python.js';

/** The examples, each in its own process, against the publisher on its own worker thread as the system runs it. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'millrace-publisher-'));
const endpoint = (name: string): string => `ipc://${join(directory, name)}`;

const zmqPython = pythonWith('zmq');
const fullPython = pythonWith('zmq', 'flatbuffers');

let system: System;
let worker: Worker;
let feeding: NodeJS.Timeout;

beforeAll(async () => {
  system = systemOf(ENDPOINTS.map((name) => `--publisher.${name}=${endpoint(name)}`));
  const handle = system.rings.market;
  if (handle === undefined) throw new Error('no market ring');
  const thread = publisherThread(system);
  worker = new Worker(new URL('../../src/workers/thread.js', import.meta.url), {
    workerData: { system, thread, restarted: false },
  });
  const board = new ThreadBoard(system.board);
  while (board.state(thread) !== ThreadState.Running) await new Promise((resolve) => setTimeout(resolve, 5));
  const producer = new RingProducer(handle);
  let sequence = 0;
  feeding = setInterval(() => {
    sequence++;
    writeMarketTrade(producer, {
      sequence,
      tradeId: sequence,
      timestamp: sequence,
      receiveTimestamp: sequence,
      price: 6_000_050,
      quantity: 12,
      instrument: 0,
      takerSide: Side.Buy,
    });
    board.wake(thread);
  }, 5);
});

afterAll(async () => {
  clearInterval(feeding);
  const gone = once(worker, 'exit');
  new ThreadBoard(system.board).enter(Phase.Stop);
  // The thread ends by itself, and with it every handle of zeromq.
  expect((await gone)[0]).toBe(0);
  rmSync(directory, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly lines: string[];
  readonly errors: string;
}

async function runProcess(command: string, args: readonly string[]): Promise<Outcome> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines: output.trim().split('\n'), errors };
}

function expectTrades(outcome: Outcome): void {
  expect(outcome).toMatchObject({ code: 0, errors: '20 messages, 0 lost\n' });
  const trades = outcome.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(trades.length).toBe(20);
  const first = trades[0].seq as number;
  expect(trades.map(({ seq }) => seq)).toEqual(trades.map((_, index) => first + index));
  expect(trades[0]).toMatchObject({
    exchange: 'MILLRACE',
    symbol: 'BTC-USD',
    price: 60000.5,
    amount: 0.0012,
    side: 'BUY',
    transaction_price: 60000.5,
    volatility: null,
  });
  expect(outcome.lines[0]).toMatch(/"timestamp_ns":\d{19},"receipt_timestamp_ns":\d{19},/);
}

const OPTIONS = ['--count', '20', '--timeout', '20', '--json'];

it('the TypeScript example prints trades without a gap', async () => {
  const script = join(ROOT, 'dist/examples/typescript/subscribe.js');
  expectTrades(await runProcess(process.execPath, [script, ...OPTIONS, endpoint('trades')]));
});

it('the TypeScript example says when the time was up before the count', async () => {
  const script = join(ROOT, 'dist/examples/typescript/subscribe.js');
  const outcome = await runProcess(process.execPath, [
    script,
    '--count',
    '1',
    '--timeout',
    '0.3',
    endpoint('books'),
  ]);
  expect(outcome).toMatchObject({ code: 1, errors: '0 messages, 0 lost\n' });
});

it.skipIf(zmqPython === undefined && !ON_CI)('the Python example prints trades without a gap', async () => {
  if (zmqPython === undefined) throw new Error('no Python with zmq: apt-get install python3-zmq');
  const script = join(ROOT, 'examples/python/subscribe.py');
  expectTrades(await runProcess(zmqPython, [script, ...OPTIONS, endpoint('trades')]));
  const people = await runProcess(zmqPython, [script, '--count', '1', '--timeout', '20', endpoint('trades')]);
  expect(people.lines).toEqual(['trade    MILLRACE BTC-USD  BUY 0.0012 @ 60000.5']);
  const silent = await runProcess(zmqPython, [script, '--count', '1', '--timeout', '0.3', endpoint('books')]);
  expect(silent).toMatchObject({ code: 1, errors: '0 messages, 0 lost\n' });
});

it.skipIf(fullPython === undefined && !ON_CI)('the Python example reads binary records', async () => {
  if (fullPython === undefined)
    throw new Error('no Python with zmq and flatbuffers: apt-get install python3-zmq python3-flatbuffers');
  const script = join(ROOT, 'examples/python/subscribe_binary.py');
  const topic = ['--topic', 'MarketTrade.BTC-USD', '--endpoint', endpoint('binary')];
  const outcome = await runProcess(fullPython, [script, ...OPTIONS, ...topic]);
  expect(outcome).toMatchObject({ code: 0, errors: '20 messages\n' });
  const records = outcome.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const first = records[0].Sequence as number;
  expect(records.map(({ Sequence }) => Sequence)).toEqual(records.map((_, index) => first + index));
  expect(records[0]).toMatchObject({
    type: 'MarketTrade',
    symbol: 'BTC-USD',
    Price: 6_000_050,
    Quantity: 12,
  });
});
