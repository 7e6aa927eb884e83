import { parseDecimal, scaleOfStep } from '../lib/decimal.js';
import { type Endpoint, endpointsClash, isLoopback, parseEndpoint } from './endpoints.js';
import { type AgentName, LOCAL_VENUE } from './names.js';
import type { Config, InstrumentConfig } from './schema.js';
import { checkSessions } from './session-checks.js';
import { matchingAgents, shardsOf } from './shards.js';

/** Rules about several keys at once, and what is allowed but worth a warning. */

/** Reports a value at a path; `allowed` completes "allowed: ...". */
export type Report = (path: readonly (string | number)[], allowed: string) => void;

interface Check {
  /** Top-level keys that it looks at: it is left out while one of them has problems of its own. */
  readonly reads: readonly (keyof Config)[];
  readonly run: (config: Config, report: Report) => void;
}

function reportRepeats<T>(
  items: readonly T[],
  keyOf: (item: T) => unknown,
  report: (index: number, first: number) => void,
): void {
  const firstAt = new Map<unknown, number>();
  for (const [index, item] of items.entries()) {
    const first = firstAt.get(keyOf(item));
    if (first === undefined) firstAt.set(keyOf(item), index);
    else report(index, first);
  }
}

/** What matching does with an instrument; another venue's is not matched here, and what is set must not be without effect. */
const MATCHING_KEYS = {
  initial_phase: 'continuous',
  static_band_percent: 0,
  dynamic_band_percent: 0,
  band_action: 'volatility-auction',
  maker_fee_bps: 0,
  taker_fee_bps: 0,
  shard: null,
} as const satisfies Partial<InstrumentConfig>;

function checkMatchedHere(instrument: InstrumentConfig, index: number, report: Report): void {
  if (instrument.venue === LOCAL_VENUE) return;
  for (const [key, value] of Object.entries(MATCHING_KEYS)) {
    if (instrument[key as keyof typeof MATCHING_KEYS] === value) continue;
    report(['instruments', index, key], `${value}, because venue ${instrument.venue} is not matched here`);
  }
}

function checkInstruments({ instruments }: Config, report: Report): void {
  reportRepeats(
    instruments,
    (one) => one.symbol,
    (index, first) =>
      report(['instruments', index, 'symbol'], `a symbol not used before (instruments[${first}])`),
  );
  for (const [index, one] of instruments.entries()) {
    // The very conversion that the engine makes decides what fits.
    const steps = (
      key: 'reference_price' | 'min_quantity' | 'max_quantity',
      size: 'tick_size' | 'lot_size',
    ) => {
      const value = one[key];
      if (value === null) return Number.MAX_SAFE_INTEGER;
      const count = parseDecimal(value, scaleOfStep(one[size]));
      if (count < 0) {
        report(
          ['instruments', index, key],
          `a multiple of ${size} (${one[size]}), at most 2^53 - 1 times it`,
        );
      }
      return count;
    };
    steps('reference_price', 'tick_size');
    const minimum = steps('min_quantity', 'lot_size');
    const maximum = steps('max_quantity', 'lot_size');
    checkMatchedHere(one, index, report);
    if (maximum >= 0 && maximum < minimum) {
      report(['instruments', index, 'max_quantity'], `at least min_quantity (${one.min_quantity})`);
    }
  }
}

function checkShards({ instruments, matching }: Config, report: Report): void {
  const shards = matching.shards;
  for (const [index, { shard }] of instruments.entries()) {
    if (shard === null || shard < shards) continue;
    const allowed = shards === 1 ? '0, because matching.shards is 1' : `0 to ${shards - 1}, or null`;
    report(['instruments', index, 'shard'], allowed);
  }
}

function checkVenues({ venues, instruments }: Config, report: Report): void {
  reportRepeats(
    venues,
    (one) => one.name,
    (index, first) => report(['venues', index, 'name'], `a venue not used before (venues[${first}])`),
  );
  for (const [index, venue] of venues.entries()) {
    reportRepeats(
      venue.symbols,
      (one) => one,
      (at) => report(['venues', index, 'symbols', at], 'a symbol not listed before'),
    );
    // Prices are counted in ticks and lots, which only an instrument says.
    const known = instruments.filter((one) => one.venue === venue.name).map((one) => one.symbol);
    const allowed = known.length === 0 ? 'there is none' : known.join(', ');
    for (const [at, symbol] of venue.symbols.entries()) {
      if (known.includes(symbol)) continue;
      report(
        ['venues', index, 'symbols', at],
        `the symbol of an instrument with venue ${venue.name}: ${allowed}`,
      );
    }
  }
}

function checkAccounts({ risk }: Config, report: Report): void {
  for (const key of ['id', 'name'] as const) {
    reportRepeats(
      risk.accounts,
      (one) => one[key],
      (index, first) =>
        report(['risk', 'accounts', index, key], `one not used before (risk.accounts[${first}])`),
    );
  }
}

/** Symbols and currencies that have limits must exist. */
function checkRiskNames({ risk, instruments }: Config, report: Report): void {
  const symbols = instruments.map((one) => one.symbol);
  const currencies = [...new Set(instruments.flatMap((one) => [one.quote_currency, one.base_currency]))];
  const places = [
    { path: ['risk'], terms: risk },
    ...risk.accounts.map((terms, index) => ({ path: ['risk', 'accounts', index], terms })),
  ];
  for (const { path, terms } of places) {
    for (const symbol of Object.keys(terms.instruments ?? {})) {
      if (symbols.includes(symbol)) continue;
      report([...path, 'instruments', symbol], `a symbol of instruments: ${symbols.join(', ')}`);
    }
    for (const currency of Object.keys(terms.currencies ?? {})) {
      if (currencies.includes(currency)) continue;
      report([...path, 'currencies', currency], `a currency of instruments: ${currencies.join(', ')}`);
    }
  }
}

function accountIds(config: Config): string {
  return `the id of an account in risk.accounts: ${config.risk.accounts.map((one) => one.id).join(', ')}`;
}

function checkGatewayAccount(config: Config, report: Report): void {
  if (!config.gateway.enabled || config.risk.accounts.some((one) => one.id === config.gateway.account))
    return;
  report(['gateway', 'account'], accountIds(config));
}

function checkStrategies(config: Config, report: Report): void {
  const known = config.instruments.filter((one) => one.venue === LOCAL_VENUE).map((one) => one.symbol);
  reportRepeats(
    config.strategies,
    (one) => one.name,
    (index, first) => report(['strategies', index, 'name'], `a name not used before (strategies[${first}])`),
  );
  for (const [index, one] of config.strategies.entries()) {
    if (!config.risk.accounts.some((account) => account.id === one.account)) {
      report(['strategies', index, 'account'], accountIds(config));
    }
    for (const [at, symbol] of one.instruments.entries()) {
      if (known.includes(symbol)) continue;
      report(
        ['strategies', index, 'instruments', at],
        `a symbol of venue ${LOCAL_VENUE}: ${known.join(', ')}`,
      );
    }
    for (const [at, symbol] of one.watch.entries()) {
      if (config.instruments.some((other) => other.symbol === symbol)) continue;
      const all = config.instruments.map((other) => other.symbol).join(', ');
      report(['strategies', index, 'watch', at], `a symbol of instruments: ${all}`);
    }
    if (one.kind === 'noise' && one.parameters.market_ratio + one.parameters.cancel_ratio > 1) {
      report(['strategies', index, 'parameters', 'market_ratio'], 'at most 1 together with cancel_ratio');
    }
  }
}

/** What listens under this configuration, by key. */
function listeners(config: Config): [path: readonly [keyof Config, string], endpoint: Endpoint][] {
  const list: [readonly [keyof Config, string], Endpoint][] = [];
  if (config.gateway.enabled) {
    list.push([['gateway', 'port'], { kind: 'tcp', host: config.gateway.host, port: config.gateway.port }]);
  }
  if (config.publisher.enabled) {
    for (const key of ['trades', 'books', 'orders', 'positions', 'binary'] as const) {
      const endpoint = parseEndpoint(config.publisher[key]);
      if (endpoint !== undefined) list.push([['publisher', key], endpoint]);
    }
  }
  return list;
}

function checkPorts(config: Config, report: Report): void {
  const bound = listeners(config);
  for (const [index, [path, endpoint]] of bound.entries()) {
    const other = bound.slice(0, index).find(([, before]) => endpointsClash(before, endpoint));
    if (other !== undefined) report(path, `an address that ${other[0].join('.')} does not use`);
  }
}

function neededAgents(config: Config): AgentName[] {
  const needed: AgentName[] = ['risk', ...matchingAgents(config), 'market-data'];
  if (config.strategies.length > 0) needed.push('strategies');
  if (config.gateway.enabled) needed.push('gateway');
  if (config.publisher.enabled) needed.push('publisher');
  if (config.venues.length > 0) needed.push('feed');
  return needed;
}

function checkThreads(config: Config, report: Report): void {
  const threads = config.threads ?? [];
  reportRepeats(
    threads,
    (one) => one.name,
    (index, first) => report(['threads', index, 'name'], `a name not used before (threads[${first}])`),
  );
  const spinning = threads.flatMap(({ core, idle }, index) =>
    core !== null && idle === 'spin' ? [{ core, index }] : [],
  );
  reportRepeats(
    spinning,
    (one) => one.core,
    (at, first) => {
      const rival = spinning[first].index;
      report(['threads', spinning[at].index, 'core'], `a core on which threads[${rival}] does not spin`);
    },
  );
  const placed = threads.flatMap((one, thread) => one.agents.map((agent, at) => ({ agent, thread, at })));
  reportRepeats(
    placed,
    (one) => one.agent,
    (index) =>
      report(['threads', placed[index].thread, 'agents', placed[index].at], 'an agent not placed before'),
  );
  const missing = neededAgents(config).filter((agent) => !placed.some((one) => one.agent === agent));
  if (threads.length > 0 && missing.length > 0) {
    report(['threads'], `a layout that places every agent in use; not placed: ${missing.join(', ')}`);
  }
}

export const CHECKS: readonly Check[] = [
  { reads: ['instruments'], run: checkInstruments },
  { reads: ['matching', 'instruments'], run: checkShards },
  { reads: ['venues', 'instruments'], run: checkVenues },
  { reads: ['sessions', 'instruments'], run: checkSessions },
  { reads: ['risk'], run: checkAccounts },
  { reads: ['risk', 'instruments'], run: checkRiskNames },
  { reads: ['risk', 'gateway'], run: checkGatewayAccount },
  { reads: ['risk', 'strategies', 'instruments', 'simulation'], run: checkStrategies },
  { reads: ['gateway', 'publisher'], run: checkPorts },
  {
    reads: ['threads', 'matching', 'strategies', 'simulation', 'gateway', 'publisher', 'venues'],
    run: checkThreads,
  },
];

/** What a user should know before relying on a valid configuration. */
export function warningsOf(config: Config): string[] {
  const warnings: string[] = [];
  for (const [path, endpoint] of listeners(config)) {
    if (endpoint.kind === 'ipc' || isLoopback(endpoint.host)) continue;
    const key = path[0] === 'gateway' ? 'gateway.host' : path.join('.');
    warnings.push(
      `${key} = ${endpoint.host}: reachable from other machines, and there is no authentication: ` +
        'use 127.0.0.1, or let a firewall decide who may connect',
    );
  }
  if (config.risk.kill_switch)
    warnings.push('risk.kill_switch = true: every order is rejected until it is released');
  for (const { agent, action, after_ms } of config.drills) {
    warnings.push(`drills: ${agent} will fail on purpose (${action}) ${after_ms} ms after start`);
  }
  const used = new Set(shardsOf(config));
  for (let shard = 0; shard < config.matching.shards; shard++) {
    if (!used.has(shard))
      warnings.push(`matching.shards = ${config.matching.shards}: shard ${shard} has no instrument`);
  }
  for (const { name, core } of config.threads ?? []) {
    if (core === null || !config.housekeeping_cores.includes(core)) continue;
    warnings.push(`threads: ${name} is pinned to core ${core}, which is one of housekeeping_cores`);
  }
  return warnings;
}
