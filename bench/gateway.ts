/**
 *     load (this process) ── HTTP, 1 or 32 keep-alive connections ──► gateway ─ring─► risk, matching ─ring─► gateway
 *                                                      and, in turn ──► bare uWebSockets.js POST echo
 *
 * Orders over HTTP through a whole Millrace process in its default layout, each answered with what became of it, beside
 * an echo that reads a body of the same size and sends it back. Closed loop: these are service times, and the
 * load generator takes its share of the same cores. The count of answers is checked against Millrace's own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MillraceProcess } from '../test/support/process.js';
import { type LoadResult, load, microseconds, perSecond } from './support/http-load.js';

interface BenchResult {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}

const CONNECTIONS = [1, 32];
const ROUNDS = 5;
const WARM_UP_MS = 1500;
const ROUND_MS = 1000;
const SMOKE_MS = 100;

/** No limit of risk is to be met: this measures accepted orders. */
const FLAGS = [
  '--simulation.enabled=false',
  '--publisher.enabled=false',
  '--log.console=false',
  '--risk.orders_per_second=100000000',
  '--risk.order_burst=100000000',
  '--risk.max_position=100000000',
  '--risk.max_open_orders=1000000',
];

let orders = 0;
/** Alternately a buy and a sell that meets it; every client order id is new. */
function nextOrder(): string {
  const side = orders % 2 === 0 ? 'BUY' : 'SELL';
  return (
    `{"client_order_id":"bench-${orders++}","symbol":"BTC-USD","side":"${side}","quantity":"0.01","price":"60000"` +
    ',"order_type":"LIMIT","time_in_force":"GTC"}'
  );
}

async function startEcho(): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(new URL('./support/echo-server.js', import.meta.url)));
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** What rounds of one kind came to. */
interface Summary {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

function summary(rounds: readonly LoadResult[]): Summary {
  return {
    rate: median(rounds.map(perSecond)),
    p50: median(rounds.map((round) => microseconds(round, 0.5))),
    p99: median(rounds.map((round) => microseconds(round, 0.99))),
  };
}

async function answeredBy(millrace: MillraceProcess): Promise<number> {
  const text = await (await fetch(`${millrace.url}/metrics`)).text();
  return Number(/^orders_processed_total (\d+)$/m.exec(text)?.[1]);
}

export async function run(options: { smoke: boolean }): Promise<BenchResult> {
  const rounds = options.smoke ? 1 : ROUNDS;
  const milliseconds = options.smoke ? SMOKE_MS : ROUND_MS;
  const echo = await startEcho();
  const millrace = await MillraceProcess.start(FLAGS);
  const text: string[] = [];
  const figures: Record<string, number> = {};
  const before = await answeredBy(millrace);
  let answered = 0;
  const post = async (connections: number, length: number): Promise<LoadResult> => {
    const result = await load(millrace.ports.gateway, '/api/order', connections, length, nextOrder);
    if (result.refused > 0) throw new Error(`${result.refused} of ${result.answered} orders were refused`);
    answered += result.answered;
    return result;
  };
  try {
    if (!options.smoke) await post(32, WARM_UP_MS);
    for (const connections of CONNECTIONS) {
      const echoed: LoadResult[] = [];
      const taken: LoadResult[] = [];
      for (let round = 0; round < rounds; round++) {
        echoed.push(await load(echo.port, '/', connections, milliseconds, nextOrder));
        taken.push(await post(connections, milliseconds));
      }
      report(connections, summary(echoed), summary(taken), text, figures);
    }
    const counted = (await answeredBy(millrace)) - before;
    if (counted !== answered)
      throw new Error(`${answered} orders were answered, Millrace counted ${counted}`);
    text.push(`orders answered: ${answered}, as Millrace counts them`);
  } finally {
    await millrace.stop();
    echo.child.disconnect();
  }
  return { name: 'gateway', text, figures };
}

function report(
  connections: number,
  echo: Summary,
  taken: Summary,
  text: string[],
  figures: Record<string, number>,
): void {
  const row = (name: string, { rate, p50, p99 }: Summary): string =>
    `${name.padEnd(34)} ${rate.toFixed(0).padStart(8)} /s   p50 ${p50.toFixed(0)} µs   p99 ${p99.toFixed(0)} µs`;
  text.push(row(`POST /api/order, ${connections} connections`, taken));
  text.push(row(`bare POST echo, ${connections} connections`, echo));
  text.push(`${'ratio'.padEnd(34)} ${(taken.rate / echo.rate).toFixed(2).padStart(8)}`);
  figures[`orders_per_second_${connections}`] = taken.rate;
  figures[`echoes_per_second_${connections}`] = echo.rate;
  figures[`order_p50_us_${connections}`] = taken.p50;
  figures[`order_p99_us_${connections}`] = taken.p99;
  figures[`ratio_to_echo_${connections}`] = taken.rate / echo.rate;
}
