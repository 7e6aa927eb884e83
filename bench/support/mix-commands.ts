/** Commands of the exchange-core mix (see exchange-mix.ts), and how they are given to an engine. */
import type { MatchingCapacities } from '../../src/book/matching.js';
import type { MatchingEngine } from '../../src/book/matching-engine.js';
import { OrderType } from '../../src/lib/enums.js';

const { Limit } = OrderType;

export const NEW = 0;
export const CANCEL = 1;
export const MOVE = 2;

export interface MixOptions {
  readonly symbols: number;
  /** Resting orders over all symbols that the generator aims at. */
  readonly live: number;
  readonly accounts: number;
  /** Commands after the books are filled. */
  readonly commands: number;
}

/** Command i, in the order to be given; the first `fill` ones fill the books. Ids rise by one from 1 with each new order. */
export interface Mix {
  readonly fill: number;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly side: Uint8Array;
  readonly timeInForce: Uint8Array;
  readonly symbol: Int32Array;
  readonly orderId: Int32Array;
  readonly account: Int32Array;
  readonly price: Int32Array;
  readonly quantity: Int32Array;
  /** What the books must be like in the end. */
  readonly trades: number;
  readonly filled: number;
  readonly resting: number;
  readonly levels: number;
  readonly stateHash: string;
  /** Commands of each sort after the filling: new resting, immediate, cancel, move. */
  readonly counts: readonly number[];
}

/** Room for what the mix can have open at once. */
export function mixCapacities({ symbols, live, accounts }: MixOptions): Required<MatchingCapacities> {
  const orders = Math.ceil(live * 1.25) + 2 * symbols + 4096;
  return { instruments: symbols, orders, levels: orders, accounts: Math.min(accounts + 1, orders) };
}

type Commands = Pick<
  Mix,
  'kind' | 'side' | 'timeInForce' | 'symbol' | 'orderId' | 'account' | 'price' | 'quantity'
>;

/** Gives command `at` to the engine. */
export function giveCommand(engine: MatchingEngine, mix: Commands, at: number): void {
  const { command } = engine;
  command.orderId = mix.orderId[at];
  command.account = mix.account[at];
  command.instrument = mix.symbol[at];
  command.source = 1;
  const kind = mix.kind[at];
  if (kind === CANCEL) {
    engine.cancelOrder();
    return;
  }
  command.price = mix.price[at];
  command.quantity = mix.quantity[at];
  if (kind === MOVE) {
    engine.amendOrder();
    return;
  }
  command.side = mix.side[at];
  command.orderType = Limit;
  command.timeInForce = mix.timeInForce[at];
  command.flags = 0;
  engine.newOrder();
}
