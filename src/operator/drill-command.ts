import { type ConnectionFlags, OperatorClient, OperatorError } from './client.js';
import type { Output } from './commands.js';
import { Drill, type DrillPlan, type DrillResult, type DrillRun } from './drill.js';
import { SelfSystem } from './self-system.js';

export interface DrillFlags extends ConnectionFlags {
  readonly account?: string;
  readonly symbol?: string;
  readonly global?: boolean;
  readonly yes?: boolean;
  readonly self?: boolean;
  readonly orders?: string;
  readonly repeat?: string;
}

/** Orders that rest when a drill begins: few beside a market that runs, thousands in a system of its own. */
const ORDERS = 100;
const SELF_ORDERS = 4000;
const MAXIMUM_ORDERS = 9000;
const MAXIMUM_REPEAT = 1000;

const TIMES = [
  'client_ms',
  'engaged_ms',
  'sequenced_ms',
  'last_order_ms',
] as const satisfies (keyof DrillRun)[];
const MEANINGS: Readonly<Record<(typeof TIMES)[number], string>> = {
  client_ms: 'call to reply, client clock',
  engaged_ms: 'request to switch engaged',
  sequenced_ms: 'request to last mass cancel sequenced',
  last_order_ms: 'request to last order gone',
};

/** `millrace drill`. Throws OperatorError when the drill failed; the switch is released all the same. */
export async function drillCommand(flags: DrillFlags, output: Output): Promise<void> {
  const plan = planOf(flags);
  const self = flags.self === true ? await SelfSystem.start(flags.config) : undefined;
  try {
    const client = new OperatorClient(self === undefined ? flags : { ...flags, url: self.url });
    const drill = new Drill(client, plan, (run, number) => {
      if (flags.json !== true)
        output.out(`drill ${number}: ${run.canceled} orders gone after ${run.last_order_ms.toFixed(3)} ms\n`);
    });
    const result = await interruptible(drill);
    if (flags.json === true)
      output.out(`${JSON.stringify({ url: client.url, ...result, percentiles: summary(result) })}\n`);
    else output.out(reportText(client.url, result));
  } finally {
    await self?.stop();
  }
}

/** The first interrupt ends the drill, but not with the switch engaged; a second one ends the process. */
async function interruptible(drill: Drill): Promise<DrillResult> {
  const onSignal = (): void => drill.stop();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    return await drill.run();
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function planOf(flags: DrillFlags): DrillPlan {
  const { account, symbol, global = false, yes = false, self = false } = flags;
  if (global && !yes && !self)
    throw new OperatorError(
      '--global stops everything and cancels all orders of all accounts: add --yes if it may',
    );
  return {
    account: account === undefined ? undefined : integer('account', account, 65_535),
    symbol,
    global,
    force: yes,
    orders:
      flags.orders === undefined
        ? self
          ? SELF_ORDERS
          : ORDERS
        : integer('orders', flags.orders, MAXIMUM_ORDERS),
    repeat: flags.repeat === undefined ? 1 : integer('repeat', flags.repeat, MAXIMUM_REPEAT),
  };
}

function integer(name: string, text: string, maximum: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= maximum) return value;
  throw new OperatorError(`--${name} is ${text}, allowed: an integer from 1 to ${maximum}`);
}

type Percentiles = Readonly<Record<'p50' | 'p90' | 'p99' | 'max', number>>;

/** By nearest rank, of each time over all drills. */
export function summary({ runs }: Pick<DrillResult, 'runs'>): Record<(typeof TIMES)[number], Percentiles> {
  const of = (key: (typeof TIMES)[number]): Percentiles => {
    const sorted = runs.map((run) => run[key]).sort((a, b) => a - b);
    const rank = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    return { p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) };
  };
  return Object.fromEntries(TIMES.map((key) => [key, of(key)])) as Record<
    (typeof TIMES)[number],
    Percentiles
  >;
}

function reportText(url: string, result: DrillResult): string {
  const { scope, account, symbol, orders, runs } = result;
  const where = scope === 'global' ? 'everything' : `account ${account}`;
  const lines = [
    `kill switch of ${where} at ${url}: ${runs.length} drills with ${orders} orders in ${symbol}; all left, new orders were refused, released`,
    `${'ms'.padEnd(38)}${['p50', 'p90', 'p99', 'max'].map((name) => name.padStart(10)).join('')}`,
  ];
  for (const [key, values] of Object.entries(summary(result)) as [(typeof TIMES)[number], Percentiles][]) {
    const numbers = Object.values(values).map((value) => value.toFixed(3).padStart(10));
    lines.push(`${MEANINGS[key].padEnd(38)}${numbers.join('')}`);
  }
  return `${lines.join('\n')}\n`;
}
