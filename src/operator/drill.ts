import { formatDecimal, parseDecimal, scaleOfStep } from '../lib/decimal.js';
import { type OperatorClient, OperatorError, refusalText } from './client.js';

/** Account of the configuration that drills use unless they are told another. */
const DRILL_ACCOUNT = 'drill';
/** Orders under way at once while a drill prepares. */
const PARALLEL = 32;
/** How far from the best price the orders of a drill rest, in hundredths of a percent: out of the way, inside the collar. */
const DISTANCE_BPS = 100;
/** Over how many ticks they spread. */
const SPREAD_TICKS = 100;

export interface DrillPlan {
  /** undefined: the configured drill account. */
  readonly account: number | undefined;
  /** undefined: the first instrument that is matched here. */
  readonly symbol: string | undefined;
  readonly global: boolean;
  readonly orders: number;
  readonly repeat: number;
  /** Goes on although orders will be canceled that are not the drill's. */
  readonly force: boolean;
}

/** One drill. Times in milliseconds. */
export interface DrillRun {
  readonly canceled: number;
  /** From sending the request to the reply, which comes when the last order has left: on the client's clock. */
  readonly client_ms: number;
  /** From the request's arrival to the switch, to the sequencing of the last mass cancel, and to the last order's end, on the system's clock. */
  readonly engaged_ms: number;
  readonly sequenced_ms: number;
  readonly last_order_ms: number;
}

export interface DrillResult {
  readonly scope: 'account' | 'global';
  readonly account: number;
  readonly symbol: string;
  readonly orders: number;
  readonly runs: readonly DrillRun[];
}

interface Instrument {
  readonly symbol: string;
  readonly venue: string;
  readonly tick_size: string;
  readonly reference_price: string;
  readonly min_quantity: string;
}

interface Target {
  readonly account: number;
  readonly instrument: Instrument;
}

/**
 * Kill switch drills: rests orders, engages the switch with cancel, and looks that everything has left, that a new order is refused,
 * and how long it took; then releases. Whatever happens, the switch is released at the end. Throws OperatorError when something is
 * not as it must be.
 */
export class Drill {
  readonly #client: OperatorClient;
  readonly #plan: DrillPlan;
  readonly #onRun: (run: DrillRun, number: number) => void;
  #account = 0;
  #engaged = false;
  #stopped = false;

  constructor(
    client: OperatorClient,
    plan: DrillPlan,
    onRun: (run: DrillRun, number: number) => void = () => {},
  ) {
    this.#client = client;
    this.#plan = plan;
    this.#onRun = onRun;
  }

  async run(): Promise<DrillResult> {
    const target = await this.#target();
    this.#account = target.account;
    const runs: DrillRun[] = [];
    const { repeat, orders, global } = this.#plan;
    try {
      for (let number = 1; number <= repeat; number++) {
        const run = await this.#once(target, `drill ${number}/${repeat}`);
        runs.push(run);
        this.#onRun(run, number);
      }
    } catch (error) {
      // What rested when it failed.
      await this.#client.request('DELETE', `/api/orders?account=${target.account}`).catch(() => undefined);
      throw error;
    }
    const { account, instrument } = target;
    return { scope: global ? 'global' : 'account', account, symbol: instrument.symbol, orders, runs };
  }

  /** Lets {@link run} end with an OperatorError at its next step, with the switch released. */
  stop(): void {
    this.#stopped = true;
  }

  async #once(target: Target, title: string): Promise<DrillRun> {
    await this.#rest(target);
    try {
      const run = await this.#kill(title);
      await this.#verify(target, run);
      await this.#release(`${title}: ${run.canceled} orders in ${run.last_order_ms.toFixed(3)} ms`);
      return run;
    } finally {
      if (this.#engaged) await this.#release(`${title} failed`);
    }
  }

  #scope(): object {
    return this.#plan.global ? { scope: 'global' } : { scope: 'account', account: this.#account };
  }

  #goOn(): void {
    if (this.#stopped) throw new OperatorError('interrupted; the kill switch is released');
  }

  async #kill(reason: string): Promise<DrillRun> {
    this.#goOn();
    const start = performance.now();
    this.#engaged = true;
    const body = { engage: true, ...this.#scope(), cancel: true, reason };
    const reply = await this.#client.call('POST', '/api/kill-switch', body);
    const client = performance.now() - start;
    const sweep = reply.sweep as Record<string, string | number | null>;
    if (sweep.failed !== 0) throw new OperatorError(`orders were left behind: ${String(sweep.problem)}`);
    const since = (key: string): number =>
      Number(BigInt(String(sweep[key] ?? sweep.received_ns)) - BigInt(String(sweep.received_ns))) / 1e6;
    return {
      canceled: Number(reply.canceled),
      client_ms: client,
      engaged_ms: since('engaged_ns'),
      sequenced_ms: since('sequenced_ns'),
      last_order_ms: since('finished_ns'),
    };
  }

  /** Everything has left, and nothing new comes in. */
  async #verify(target: Target, run: DrillRun): Promise<void> {
    if (run.canceled < this.#plan.orders)
      throw new OperatorError(`${run.canceled} orders were canceled, ${this.#plan.orders} were resting`);
    const open = await this.#openOrders(target.account);
    if (open > 0) throw new OperatorError(`${open} orders of account ${target.account} are still open`);
    const [price] = await this.#prices(target.instrument);
    const { status, body } = await this.#order(target, price);
    if (status !== 422 || body.reason !== 'KILL_SWITCH')
      throw new OperatorError(`a new order was not refused by the kill switch: ${refusalText(status, body)}`);
  }

  async #release(reason: string): Promise<void> {
    try {
      await this.#client.call('POST', '/api/kill-switch', { engage: false, ...this.#scope(), reason });
    } catch (error) {
      throw new OperatorError(`THE KILL SWITCH IS STILL ENGAGED: ${(error as Error).message}`);
    }
    this.#engaged = false;
  }

  /** Fills the book with the orders that will be canceled. */
  async #rest(target: Target): Promise<void> {
    const prices = await this.#prices(target.instrument);
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < this.#plan.orders) {
        this.#goOn();
        const { status, body } = await this.#order(target, prices[next++ % prices.length]);
        if (status !== 200)
          throw new OperatorError(`an order of the drill was refused: ${refusalText(status, body)}`);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, this.#plan.orders) }, worker));
  }

  #order({ account, instrument }: Target, price: string) {
    return this.#client.request('POST', '/api/order', {
      symbol: instrument.symbol,
      side: 'BUY',
      order_type: 'LIMIT',
      quantity: instrument.min_quantity,
      price,
      account,
    });
  }

  /** Prices below the market, away from it. */
  async #prices({ symbol, tick_size, reference_price }: Instrument): Promise<string[]> {
    const { status, body } = await this.#client.request(
      'GET',
      `/api/book/${encodeURIComponent(symbol)}?depth=1`,
    );
    const bids = status === 200 ? (body.bids as [string, string][]) : [];
    const tick = scaleOfStep(tick_size);
    const best = parseDecimal(bids[0]?.[0] ?? reference_price, tick);
    const first = best - Math.ceil((best * DISTANCE_BPS) / 10_000);
    if (first < 1) throw new OperatorError(`${symbol}: no price below ${reference_price} to rest orders at`);
    return Array.from({ length: Math.min(SPREAD_TICKS, first) }, (_, i) => formatDecimal(first - i, tick));
  }

  async #target(): Promise<Target> {
    const { instruments } = await this.#client.call<{ instruments: Instrument[] }>('GET', '/api/instruments');
    const { symbol } = this.#plan;
    const instrument = instruments.find((one) =>
      symbol === undefined ? one.venue === 'MILLRACE' : one.symbol === symbol,
    );
    if (instrument === undefined)
      throw new OperatorError(
        `--symbol is ${symbol}, allowed: ${instruments.map((one) => one.symbol).join(', ')}`,
      );
    const account = await this.#findAccount();
    const open = await this.#openOrders(account);
    if (open > 0 && !this.#plan.force)
      throw new OperatorError(
        `account ${account} has open orders, which the drill would cancel: add --yes if it may`,
      );
    return { account, instrument };
  }

  async #findAccount(): Promise<number> {
    const state = await this.#client.call<{
      kill_switches: { global: boolean; accounts: number[]; symbols: string[] };
      accounts: { account: number; name: string }[];
    }>('GET', '/api/risk');
    const { account } = this.#plan;
    const found = state.accounts.find((one) =>
      account === undefined ? one.name === DRILL_ACCOUNT : one.account === account,
    );
    const all = state.accounts.map((one) => one.account).join(', ');
    if (found === undefined)
      throw new OperatorError(
        account === undefined
          ? `risk.accounts has no account named ${DRILL_ACCOUNT}: add one, or give --account, allowed: ${all}`
          : `--account is ${account}, allowed: ${all}`,
      );
    const { global, accounts, symbols } = state.kill_switches;
    if (global || accounts.includes(found.account) || symbols.length > 0)
      throw new OperatorError(
        'a kill switch is engaged already: a drill would release what somebody has stopped',
      );
    return found.account;
  }

  async #openOrders(account: number): Promise<number> {
    const path = `/api/orders?status=OPEN&limit=1&account=${account}`;
    return (await this.#client.call<{ orders: unknown[] }>('GET', path)).orders.length;
  }
}
