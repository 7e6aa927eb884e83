import { createHash, type Hash } from 'node:crypto';
import type { Agent } from '../../src/agent/agent.js';
import { OrderType, Side, TimeInForce } from '../../src/lib/enums.js';
import { orderIdOf } from '../../src/lib/order-ids.js';
import { MATCHING_AGENTS, numberBase, shardOfNumber } from '../../src/lib/shards.js';
import * as AmendOrder from '../../src/messages/views/amend-order.js';
import * as CancelOrder from '../../src/messages/views/cancel-order.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as InstrumentStatus from '../../src/messages/views/instrument-status.js';
import * as MassCancel from '../../src/messages/views/mass-cancel.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import * as SetPhase from '../../src/messages/views/set-phase.js';
import * as Trade from '../../src/messages/views/trade.js';
import type { RecordReader } from '../../src/ring/merged-consumer.js';
import { FULL, type RingProducer } from '../../src/ring/producer.js';
import type { AgentContext } from '../../src/workers/context.js';
import { openEvents } from '../../src/workers/event-rings.js';

type Fields<View> = {
  [Key in keyof View as View[Key] extends (words: Int32Array, at: number) => number ? Key : never]: number;
};
export type ReportFields = { readonly kind: 'report' } & Fields<typeof ExecutionReport>;
export type TradeFields = { readonly kind: 'trade' } & Fields<typeof Trade>;
export type StatusFields = { readonly kind: 'status' } & Fields<typeof InstrumentStatus>;
export type EdgeEvent = ReportFields | TradeFields | StatusFields;

/** What stands in the second struct: NaN in a record without one. */
const SECOND = new Set<string>([
  ...['minimumQuantity', 'takeProfitPrice', 'stopLossPrice', 'stopLossLimitPrice', 'contingency', 'present'],
  ...['displayedQuantity', 'previousDisplayed', 'stopPrice', 'expireTime', 'linkedOrderId'],
  ...['makerFee', 'takerFee'],
]);
const EVENT_VIEWS = { report: ExecutionReport, trade: Trade, status: InstrumentStatus } as const;

function kindOf(type: number): keyof typeof EVENT_VIEWS {
  if (type === Trade.TYPE) return 'trade';
  return type === InstrumentStatus.TYPE ? 'status' : 'report';
}

/** All fields of a record by the names of its view; throws when its length is not that of its form. */
export function decode(view: object, words: Int32Array, at: number, length: number): Record<string, number> {
  const { BYTES, EXTENDED_BYTES, isExtended } = view as Partial<typeof ExecutionReport>;
  const extended = isExtended?.(words, at) === true;
  if (length !== (extended ? EXTENDED_BYTES : BYTES)) throw new Error(`record of ${length} bytes`);
  const fields: Record<string, number> = {};
  for (const [name, accessor] of Object.entries(view)) {
    if (typeof accessor !== 'function' || accessor.length !== 2 || name === 'isExtended') continue;
    fields[name] = SECOND.has(name) && !extended ? Number.NaN : accessor(words, at);
  }
  return fields;
}

/** SHA-256 over records, in order: type, length, and bytes. */
export class RecordDigest {
  readonly #hash: Hash = createHash('sha256');

  add(type: number, length: number, words: Int32Array, at: number): void {
    this.#hash.update(Int32Array.of(type, length));
    this.#hash.update(words.slice(at, at + (length >> 2)));
  }

  hex(): string {
    return this.#hash.digest('hex');
  }
}

export interface OrderFields {
  readonly orderId?: number;
  readonly client?: number;
  readonly account?: number;
  readonly instrument?: number;
  readonly side?: number;
  readonly orderType?: number;
  readonly timeInForce?: number;
  readonly price?: number;
  readonly quantity?: number;
  readonly flags?: number;
  readonly source?: number;
  readonly received?: number;
  readonly selfTradePrevention?: number;
  /** What the order asks for beyond its limit; a price that is given counts, 0 too. */
  readonly conditions?: Conditions | undefined;
}

export interface Conditions {
  readonly stopPrice?: number;
  readonly displayedQuantity?: number;
  readonly minimumQuantity?: number;
  readonly expireTime?: number;
  readonly linkedOrderId?: number;
  readonly takeProfitPrice?: number;
  readonly stopLossPrice?: number;
  readonly stopLossLimitPrice?: number;
  readonly contingency?: number;
}

const PRICES = ['stopPrice', 'takeProfitPrice', 'stopLossPrice', 'stopLossLimitPrice'] as const;

/** Makes the record at `at` one of the long form. */
function extend(
  view: Pick<typeof NewOrder, 'encodeExtension'>,
  words: Int32Array,
  at: number,
  given: Conditions,
): void {
  view.encodeExtension(
    words,
    at,
    given.stopPrice ?? 0,
    given.displayedQuantity ?? 0,
    given.minimumQuantity ?? 0,
    given.expireTime ?? 0,
    given.linkedOrderId ?? 0,
    given.takeProfitPrice ?? 0,
    given.stopLossPrice ?? 0,
    given.stopLossLimitPrice ?? 0,
    given.contingency ?? 0,
    PRICES.reduce((bits, key, index) => bits | (given[key] === undefined ? 0 : 1 << index), 0),
  );
}

/** Stands where the gateway or the strategies would: writes commands, reads and keeps all events. */
export class TestEdge implements Agent {
  readonly name: Agent['name'];
  readonly context: AgentContext;
  readonly commands: RingProducer;
  readonly events: RecordReader;
  readonly source: number;
  readonly digest = new RecordDigest();
  /** Time that commands carry unless they say otherwise. */
  received = 0;
  /** Events to take in a duty cycle at most: a slow reader when small. */
  burst = 10_000;
  /** Sees every event record as it is, beside what is kept of it. */
  onRecord: ((type: number, words: Int32Array, at: number) => void) | undefined;
  /** Of the last event of each shard. */
  readonly eventSequences = MATCHING_AGENTS.map((_, shard) => numberBase(shard));
  #counter = 0;
  #events: EdgeEvent[] = [];

  constructor(context: AgentContext, ring: 'commands.gateway' | 'commands.strategies', source: number) {
    this.name = context.name;
    this.context = context;
    this.commands = context.producer(ring);
    this.events = openEvents(context);
    this.source = source;
  }

  doWork(): number {
    let taken = 0;
    for (; taken < this.burst && this.events.next(); taken++) {
      const { type, words, at, length } = this.events;
      this.digest.add(type, length, words, at);
      this.onRecord?.(type, words, at);
      const kind = kindOf(type);
      const fields = decode(EVENT_VIEWS[kind], words, at, length);
      this.#events.push({ kind, ...fields } as unknown as EdgeEvent);
      const due = ++this.eventSequences[shardOfNumber(fields.eventSequence)];
      if (fields.eventSequence !== due) throw new Error(`event ${fields.eventSequence} where ${due} is due`);
    }
    this.events.release();
    return taken;
  }

  relieve(): number {
    return this.doWork();
  }

  hasWork(): boolean {
    return this.events.hasNext();
  }

  /** Events received since the last call. */
  take(): EdgeEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** `ids`: that the order takes; a bracket three. */
  nextOrderId(ids = 1): number {
    const id = orderIdOf(this.source, this.#counter + 1);
    this.#counter += ids;
    return id;
  }

  /** Sends a limit order to buy 1 lot at 100, or what `fields` say instead; returns its id, FULL without room. */
  newOrder(fields: OrderFields = {}): number {
    const { conditions } = fields;
    const at = this.commands.claim(NewOrder.TYPE, conditions ? NewOrder.EXTENDED_BYTES : NewOrder.BYTES);
    if (at === FULL) return FULL;
    const isBracket = (conditions?.takeProfitPrice ?? conditions?.stopLossPrice) !== undefined;
    const orderId = fields.orderId ?? this.nextOrderId(isBracket ? 3 : 1);
    NewOrder.encode(
      this.commands.words,
      at,
      0,
      0,
      fields.received ?? this.received,
      orderId,
      fields.client ?? 0,
      0,
      fields.price ?? 100,
      fields.quantity ?? 1,
      fields.account ?? 1,
      fields.instrument ?? 0,
      fields.side ?? Side.Buy,
      fields.orderType ?? OrderType.Limit,
      fields.timeInForce ?? TimeInForce.GoodTillCancel,
      fields.flags ?? 0,
      fields.source ?? this.source,
      fields.selfTradePrevention ?? 0,
    );
    if (conditions) extend(NewOrder, this.commands.words, at, conditions);
    this.commands.commitAndPublish();
    return orderId;
  }

  amend(orderId: number, price: number, quantity: number, fields: OrderFields = {}): boolean {
    const { conditions } = fields;
    const at = this.commands.claim(
      AmendOrder.TYPE,
      conditions ? AmendOrder.EXTENDED_BYTES : AmendOrder.BYTES,
    );
    if (at === FULL) return false;
    AmendOrder.encode(
      this.commands.words,
      at,
      0,
      0,
      fields.received ?? this.received,
      orderId,
      fields.client ?? 0,
      0,
      price,
      quantity,
      fields.account ?? 1,
      0,
      this.source,
    );
    if (conditions) extend(AmendOrder, this.commands.words, at, conditions);
    this.commands.commitAndPublish();
    return true;
  }

  setPhase(instrument: number, phase: number, referencePrice?: number): boolean {
    const at = this.commands.claim(SetPhase.TYPE, SetPhase.BYTES);
    if (at === FULL) return false;
    const hasReference = referencePrice === undefined ? 0 : 1;
    const price = referencePrice ?? 0;
    const { received, source, commands } = this;
    SetPhase.encode(commands.words, at, 0, 0, received, 5, 0, price, instrument, source, phase, hasReference);
    commands.commitAndPublish();
    return true;
  }

  cancel(orderId: number, fields: OrderFields = {}): boolean {
    const at = this.commands.claim(CancelOrder.TYPE, CancelOrder.BYTES);
    if (at === FULL) return false;
    const received = fields.received ?? this.received;
    const client = fields.client ?? 0;
    CancelOrder.encode(
      this.commands.words,
      at,
      0,
      0,
      received,
      orderId,
      client,
      0,
      fields.account ?? 1,
      0,
      this.source,
    );
    this.commands.commitAndPublish();
    return true;
  }

  massCancel(fields: OrderFields = {}): boolean {
    const at = this.commands.claim(MassCancel.TYPE, MassCancel.BYTES);
    if (at === FULL) return false;
    MassCancel.encode(
      this.commands.words,
      at,
      0,
      0,
      fields.received ?? this.received,
      fields.client ?? 0,
      0,
      fields.account ?? 1,
      fields.instrument ?? 0xffff_ffff,
      fields.side ?? Side.None,
      this.source,
    );
    this.commands.commitAndPublish();
    return true;
  }
}
