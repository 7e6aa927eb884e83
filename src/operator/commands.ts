import { type ConnectionFlags, OperatorClient, OperatorError } from './client.js';

/** Where commands print. */
export interface Output {
  readonly out: (text: string) => void;
}

export interface PlaceFlags extends ConnectionFlags {
  readonly account?: string;
  readonly symbol?: string;
  readonly currency?: string;
}

interface LimitRow {
  readonly key: string;
  readonly account?: number;
  readonly symbol?: string;
  readonly currency?: string;
  readonly value?: string | null;
  readonly before?: string | null;
  readonly after?: string | null;
}

/** `millrace limits get [KEY]` */
export async function limitsGetCommand(
  key: string | undefined,
  flags: PlaceFlags,
  output: Output,
): Promise<void> {
  const { account, symbol, currency } = flags;
  const given = Object.entries({ key, account, symbol, currency }).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given as [string, string][]).toString();
  const path = `/api/risk/limits${query === '' ? '' : `?${query}`}`;
  const { limits } = await new OperatorClient(flags).call<{ limits: LimitRow[] }>('GET', path);
  if (flags.json === true) return printJson(output, { limits });
  for (const row of limits) output.out(`${placeText(row)}  ${row.value ?? 'off'}\n`);
}

/** `millrace limits set KEY VALUE`; the value `off` switches a limit off. */
export async function limitsSetCommand(
  key: string,
  value: string,
  flags: PlaceFlags,
  output: Output,
): Promise<void> {
  const { account, symbol, currency, reason } = flags;
  const body = { key, value: value === 'off' ? null : value, account, symbol, currency, reason };
  const reply = await new OperatorClient(flags).call<{ changes: LimitRow[] }>(
    'PATCH',
    '/api/risk/limits',
    body,
  );
  if (flags.json === true) return printJson(output, reply);
  for (const row of reply.changes) {
    output.out(`${placeText(row)}  ${row.before ?? 'off'} -> ${row.after ?? 'off'}\n`);
  }
}

/** `millrace account ID state STATE` */
export async function accountCommand(
  account: string,
  state: string,
  flags: ConnectionFlags,
  output: Output,
): Promise<void> {
  const body = { account, state, reason: flags.reason };
  const reply = await new OperatorClient(flags).call<Record<string, string>>(
    'POST',
    '/api/risk/account',
    body,
  );
  if (flags.json === true) return printJson(output, reply);
  output.out(`account ${reply.account}: ${reply.before} -> ${reply.state}\n`);
}

export interface KillFlags extends ConnectionFlags {
  readonly global?: boolean;
  readonly account?: string;
  readonly symbol?: string;
  readonly cancel?: boolean;
}

/** What the scope flags of a kill switch say. Throws OperatorError unless there is exactly one. */
export function scopeOf({ global, account, symbol }: Pick<KillFlags, 'global' | 'account' | 'symbol'>) {
  const scopes = [
    ...(global === true ? [{ scope: 'global' as const }] : []),
    ...(account === undefined ? [] : [{ scope: 'account' as const, account }]),
    ...(symbol === undefined ? [] : [{ scope: 'instrument' as const, symbol }]),
  ];
  if (scopes.length === 1) return scopes[0];
  throw new OperatorError('the scope is missing or not one: give --global, --account ID or --symbol SYMBOL');
}

/** `millrace kill engage|release` */
export async function killCommand(engage: boolean, flags: KillFlags, output: Output): Promise<void> {
  const scope = scopeOf(flags);
  const body = { engage, ...scope, reason: flags.reason, ...(flags.cancel === true && { cancel: true }) };
  const reply = await new OperatorClient(flags).call('POST', '/api/kill-switch', body);
  if (flags.json === true) return printJson(output, reply);
  const place =
    'account' in scope ? `account ${scope.account}` : 'symbol' in scope ? scope.symbol : 'everything';
  const canceled = flags.cancel === true ? `, ${String(reply.canceled)} orders canceled` : '';
  output.out(`kill switch of ${place} ${engage ? 'engaged' : 'released'}${canceled}\n`);
  const { failed, problem } = (reply.sweep ?? { failed: 0 }) as { failed: number; problem?: string };
  if (failed > 0) throw new OperatorError(`orders of ${failed} accounts could not be canceled: ${problem}`);
}

export interface PhaseFlags extends ConnectionFlags {
  readonly reference?: string;
}

/** `millrace phase SYMBOL PHASE` */
export async function phaseCommand(
  symbol: string,
  phase: string,
  flags: PhaseFlags,
  output: Output,
): Promise<void> {
  const body = { symbol, phase, reference_price: flags.reference, reason: flags.reason };
  const reply = await new OperatorClient(flags).call('POST', '/api/phase', body);
  if (flags.json === true) return printJson(output, reply);
  output.out(`${symbol}: ${String(reply.phase)}\n`);
}

/** `millrace breaker release [SYMBOL]` */
export async function breakerCommand(
  symbol: string | undefined,
  flags: ConnectionFlags,
  output: Output,
): Promise<void> {
  const body = { symbol, reason: flags.reason };
  const reply = await new OperatorClient(flags).call('POST', '/api/risk/breaker', body);
  if (flags.json === true) return printJson(output, reply);
  const which = symbol === undefined ? 'of all instruments together' : `of ${symbol}`;
  output.out(`circuit breaker ${which} ${reply.released === true ? 'released' : 'was not open'}\n`);
}

interface RiskState {
  readonly kill_switches: {
    readonly global: boolean;
    readonly accounts: readonly number[];
    readonly symbols: readonly string[];
  };
  readonly breakers: readonly { readonly symbol: string | null; readonly until_ns: string | null }[];
  readonly accounts: readonly {
    readonly account: number;
    readonly name: string;
    readonly state: string;
    readonly cause: string | null;
    readonly currencies: readonly Readonly<Record<string, string>>[];
  }[];
}

/** `millrace risk`: kill switches, breakers and accounts as they are now. */
export async function riskCommand(flags: ConnectionFlags, output: Output): Promise<void> {
  const state = await new OperatorClient(flags).call<RiskState & Record<string, unknown>>('GET', '/api/risk');
  if (flags.json === true) return printJson(output, state);
  const { global, accounts, symbols } = state.kill_switches;
  const engaged = [...(global ? ['everything'] : []), ...accounts.map((id) => `account ${id}`), ...symbols];
  output.out(`kill switches: ${engaged.join(', ') || 'none'}\n`);
  const breakers = state.breakers.map(({ symbol }) => symbol ?? 'all together');
  output.out(`open circuit breakers: ${breakers.join(', ') || 'none'}\n`);
  for (const { account, name, state: now, cause, currencies } of state.accounts) {
    output.out(`account ${account} ${name}: ${now}${cause === null ? '' : ` (${cause})`}\n`);
    for (const { currency, ...values } of currencies) {
      const shown = Object.entries(values).filter(([, value]) => value !== '0');
      if (shown.length > 0)
        output.out(`  ${currency}: ${shown.map(([key, value]) => `${key} ${value}`).join(', ')}\n`);
    }
  }
}

function placeText({ key, account, symbol, currency }: LimitRow): string {
  const place = [account === undefined ? undefined : `account ${account}`, symbol, currency];
  return `${place.filter((one) => one !== undefined).join(' ') || 'all'}  ${key}`;
}

function printJson(output: Output, value: object): void {
  output.out(`${JSON.stringify(value)}\n`);
}
