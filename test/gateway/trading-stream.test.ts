/**
 * A random stream of orders of every kind, with phases, fees, bands and self-trade prevention, over live sockets through risk and
 * matching: whenever it rests, the gateway's open orders are those that matching has, field by field.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import type { LiveOrder, Matching } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { epochText } from '../../src/lib/clock.js';
import { OrderType } from '../../src/lib/enums.js';
import { seededRandom } from '../../src/lib/random.js';
import {
  CONTINGENCY_TEXT,
  ORDER_TYPE_TEXT,
  SELF_TRADE_PREVENTION_TEXT,
  TIME_IN_FORCE_TEXT,
} from '../../src/workers/gateway/vocabulary.js';
import { GatewayRig, until } from '../support/gateway-rig.js';
import { SEED } from '../support/seed.js';
import { Client, type Message } from '../support/websocket-client.js';

const BATCHES = 60;
const BATCH = 25;
const TERMS = {
  ...{ venue: 'MILLRACE', tick_size: '1', lot_size: '1', base_currency: 'XXA', quote_currency: 'XXB' },
  ...{ reference_price: '100', maker_fee_bps: -200, taker_fee_bps: 300 },
  ...{ static_band_percent: 9, dynamic_band_percent: 7 },
};
const INSTRUMENTS = JSON.stringify(
  [{ symbol: 'AAA' }, { symbol: 'BBB' }].map((one) => ({ ...one, ...TERMS })),
);
const ACCOUNTS = [1, 2, 3, 4].map((id) => ({ id, name: `a${id}`, self_trade_group: id < 3 ? 'desk' : null }));
const FLAGS = [
  `--instruments=${INSTRUMENTS}`,
  `--risk.accounts=${JSON.stringify(ACCOUNTS)}`,
  '--risk.price_collar_percent=900',
];
/** Every auction ends in trading, so that it uncrosses. */
const PHASES = [
  ...['VOLATILITY_AUCTION', 'CONTINUOUS', 'CLOSING_AUCTION', 'CONTINUOUS', 'HALT', 'CONTINUOUS'],
  ...['CLOSED', 'PRE_OPEN', 'CONTINUOUS', 'CLOSING_AUCTION', 'CLOSED', 'CONTINUOUS'],
];

/** What a client can see of an order that matching has. */
function visible(order: LiveOrder, rig: GatewayRig): Message {
  const some = (key: string, value: number, text: unknown) =>
    value === 0 || Number.isNaN(value) ? {} : { [key]: text };
  const amount = (key: string, value: number) => some(key, value, String(value));
  const isStop = order.orderType === OrderType.Stop || order.orderType === OrderType.StopLimit;
  const timeInForce = TIME_IN_FORCE_TEXT[order.timeInForce];
  return {
    order_id: String(order.orderId),
    account: order.account,
    side: order.side === 1 ? 'BUY' : 'SELL',
    order_type: ORDER_TYPE_TEXT[order.orderType],
    time_in_force: timeInForce,
    price: order.price === 0 ? null : String(order.price),
    quantity: String(order.quantity),
    leaves_quantity: String(order.leavesQuantity),
    ...(isStop || timeInForce === 'AT_THE_CLOSE' ? { working: !order.waiting } : {}),
    ...amount('stop_price', order.stopPrice),
    ...amount('displayed_quantity', order.displayedQuantity),
    ...some('expire_ns', order.expireTime, epochText(rig.system.session, order.expireTime)),
    ...amount('linked_order_id', order.linkedOrderId),
    ...some('contingency', order.linkedOrderId, CONTINGENCY_TEXT[order.contingency]),
    ...amount('take_profit_price', order.takeProfitPrice),
    ...amount('stop_loss_price', order.stopLossPrice),
    ...amount('stop_loss_limit_price', order.stopLossLimitPrice),
    ...some(
      'self_trade_prevention',
      order.selfTradePrevention,
      SELF_TRADE_PREVENTION_TEXT[order.selfTradePrevention],
    ),
  };
}

/** The same members of an order as the gateway shows it. */
function shown(order: Message): Message {
  const keys =
    'order_id account side order_type time_in_force price quantity leaves_quantity working stop_price';
  const more = 'displayed_quantity expire_ns linked_order_id contingency take_profit_price stop_loss_price';
  const wanted = [...keys.split(' '), ...more.split(' '), 'stop_loss_limit_price', 'self_trade_prevention'];
  return Object.fromEntries(Object.entries(order).filter(([key]) => wanted.includes(key)));
}

class Stream {
  readonly #random = seededRandom(SEED, 'trading stream');
  readonly #rig: GatewayRig;
  readonly #ids: string[] = ['1099511627777'];

  constructor(rig: GatewayRig) {
    this.#rig = rig;
  }

  know(reply: Message): void {
    if (typeof reply.order_id !== 'string' || reply.type !== 'order') return;
    this.#ids.push(reply.order_id);
    for (const [key, offset] of [
      ['take_profit_price', 1],
      ['stop_loss_price', 2],
    ] as const)
      if (key in reply) this.#ids.push(String(Number(reply.order_id) + offset));
  }

  next(): Message {
    const dice = this.#random.below(100);
    if (dice < 12) return { op: 'cancel', order_id: this.#known() };
    if (dice < 26) return this.#amend();
    if (dice < 27)
      return { op: 'mass_cancel', account: 1 + this.#random.below(4), side: this.#one('BUY', 'SELL') };
    return this.#order();
  }

  #order(): Message {
    const order_type = this.#one(
      'LIMIT',
      'LIMIT',
      'LIMIT',
      'MARKET',
      'STOP',
      'STOP_LIMIT',
      'MARKET_TO_LIMIT',
    );
    const lasting = order_type === 'LIMIT' || this.#random.chance(0.5);
    const time_in_force = this.#one('GTC', 'DAY', 'GTD', lasting ? 'AT_THE_CLOSE' : 'IOC', 'FOK');
    const side = this.#one('BUY', 'SELL');
    const [above, below] = [110 + this.#random.below(8), 90 - this.#random.below(8)];
    return {
      ...{
        op: 'order',
        symbol: this.#one('AAA', 'BBB'),
        account: 1 + this.#random.below(4),
        side,
        order_type,
      },
      ...{ time_in_force, quantity: 1 + this.#random.below(15) },
      ...(order_type === 'LIMIT' || order_type === 'STOP_LIMIT' ? { price: this.#price() } : {}),
      ...(order_type.startsWith('STOP') ? { stop_price: this.#price() } : {}),
      ...(time_in_force === 'GTD' ? { expire_ns: this.#soon() } : {}),
      ...this.#sometimes(0.1, { post_only: true, post_only_slide: this.#random.chance(0.5) }),
      ...this.#sometimes(0.2, { displayed_quantity: 1 + this.#random.below(4) }),
      ...this.#sometimes(0.05, { minimum_quantity: 1 + this.#random.below(4) }),
      ...this.#sometimes(0.4, { self_trade_prevention: this.#one(...SELF_TRADE_PREVENTION_TEXT) }),
      ...this.#sometimes(0.15, { linked_order_id: this.#known(), contingency: this.#one('OCO', 'OUO') }),
      ...this.#sometimes(0.15, {
        take_profit_price: side === 'BUY' ? above : below,
        stop_loss_price: side === 'BUY' ? below : above,
        ...this.#sometimes(0.5, { stop_loss_limit_price: this.#price() }),
      }),
    };
  }

  #amend(): Message {
    const fields = { price: this.#price(), quantity: 1 + this.#random.below(15), stop_price: this.#price() };
    const chosen = Object.entries(fields).filter(() => this.#random.chance(0.5));
    return { op: 'amend', order_id: this.#known(), ...Object.fromEntries(chosen) };
  }

  #price(): number {
    return 92 + this.#random.below(17);
  }

  /** A moment between now and a third of a second from now, as the API writes it. */
  #soon(): string {
    return epochText(this.#rig.system.session, this.#rig.now + 1_000_000 * this.#random.below(300));
  }

  #known(): string {
    return this.#ids[Math.max(0, this.#ids.length - 1 - this.#random.below(60))];
  }

  #one<T>(...values: T[]): T {
    return values[this.#random.below(values.length)];
  }

  #sometimes(chance: number, fields: Message): Message {
    return this.#random.chance(chance) ? fields : {};
  }
}

it(`open orders are those of matching (seed ${SEED})`, async () => {
  let matching: Matching | undefined;
  const rig = await GatewayRig.start(FLAGS, (...parts) => {
    const engine = new MatchingEngine(...parts);
    matching = engine;
    return engine;
  });
  const client = await Client.open(rig);
  const stream = new Stream(rig);
  const met = new Set<unknown>();
  const inMatching = (): Message[] => {
    const orders: Message[] = [];
    const visit = (order: LiveOrder) => void orders.push(visible(order, rig));
    for (const instrument of [0, 1]) {
      for (const side of [1, 2]) matching?.forEachOrder(instrument, side, visit);
      matching?.forEachWaitingOrder(instrument, visit);
    }
    return orders.sort((a, b) => Number(a.order_id) - Number(b.order_id));
  };
  const inGateway = async (): Promise<Message[]> => {
    const { orders } = (await rig.get('/api/orders?status=OPEN&limit=1000')).body;
    return (orders as Message[]).map(shown).sort((a, b) => Number(a.order_id) - Number(b.order_id));
  };
  try {
    for (let batch = 0; batch < BATCHES; batch++) {
      if (batch % 2 === 1) {
        const change = {
          symbol: batch % 4 === 1 ? 'AAA' : 'BBB',
          phase: PHASES[(batch >> 2) % PHASES.length],
        };
        await rig.request('POST', '/api/phase', change);
      }
      const answers = Array.from({ length: BATCH }, () => client.ask(stream.next()));
      for (const answer of await Promise.all(answers)) {
        stream.know(answer);
        met
          .add(answer.status)
          .add(answer.reason)
          .add((answer.error as Message | undefined)?.code);
      }
      // Orders expire all the time: the two are looked at until they agree.
      const agree = async () => isDeepStrictEqual(await inGateway(), inMatching());
      await until(agree, 2000).catch(async () => expect(await inGateway()).toEqual(inMatching()));
      client.messages.length = 0;
    }
    const common = ['NEW', 'FILLED', 'CANCELED', 'REJECTED', 'NOT_IN_THIS_PHASE', 'INVALID_VALUE'];
    expect([...met]).toEqual(expect.arrayContaining(common));
    const { executions } = (await rig.get('/api/executions?limit=1000')).body;
    const liquidity = (executions as Message[]).map((one) => one.liquidity);
    expect(new Set(liquidity)).toEqual(new Set(['MAKER', 'TAKER', 'AUCTION']));
  } finally {
    await client.close();
    await rig.stop();
  }
}, 60_000);
