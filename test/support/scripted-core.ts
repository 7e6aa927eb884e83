import { EventFlags } from '../../src/lib/enums.js';
import * as AmendOrder from '../../src/messages/views/amend-order.js';
import * as CancelOrder from '../../src/messages/views/cancel-order.js';
import * as ExecutionReport from '../../src/messages/views/execution-report.js';
import * as InstrumentStatus from '../../src/messages/views/instrument-status.js';
import * as MassCancel from '../../src/messages/views/mass-cancel.js';
import * as NewOrder from '../../src/messages/views/new-order.js';
import * as Trade from '../../src/messages/views/trade.js';
import type { RingConsumer } from '../../src/ring/consumer.js';
import { FULL, type RingProducer } from '../../src/ring/producer.js';
import { type GatewayRig, until } from './gateway-rig.js';

type View = Readonly<Record<string, unknown>> & { readonly TYPE: number; readonly BYTES: number };
export type Fields = Record<string, number>;

const COMMANDS: readonly View[] = [NewOrder, AmendOrder, CancelOrder, MassCancel];
/** Fields of the second structs. */
const EXTENSION =
  /^(stop|take|displayed|minimum|expire|linked|contingency|present$|previousDisplayed|.*Fee$)/;

/** What the own report of a command has from it. */
const ECHOED = [
  ...['orderId', 'clientOrderIdLow', 'clientOrderIdHigh', 'price', 'quantity'],
  ...['account', 'instrument', 'side', 'orderType', 'timeInForce'],
];

/** Every field of a record by the names of its view; those of the second struct only where it is there. */
export function decodeRecord(view: View, words: Int32Array, at: number): Fields {
  const isExtended = view.isExtended as ((words: Int32Array, at: number) => boolean) | undefined;
  const extended = isExtended?.(words, at) === true;
  const fields: Fields = {};
  for (const [name, accessor] of Object.entries(view)) {
    if (typeof accessor !== 'function' || accessor.length !== 2 || name === 'isExtended') continue;
    if (EXTENSION.test(name) && !extended) continue;
    fields[name] = (accessor as (words: Int32Array, at: number) => number)(words, at);
  }
  return fields;
}

/**
 * The core as a test writes it: takes the gateway's commands off their ring as risk would, and puts events on the event ring as
 * matching would. The real core of the rig is paused.
 */
export class ScriptedCore {
  readonly #commands: RingConsumer;
  readonly #events: RingProducer;
  #sequence = 0;

  constructor(rig: GatewayRig) {
    rig.pauseCore();
    this.#commands = rig.contextOf('risk').consumer('commands.gateway');
    this.#events = rig.contextOf('matching').producer('events');
  }

  /** The next command, waited for. */
  async command(): Promise<Fields> {
    await until(() => this.#commands.hasNext());
    this.#commands.next();
    const { type, words, at } = this.#commands;
    const view = COMMANDS.find((one) => one.TYPE === type);
    if (view === undefined) throw new Error(`a record of type ${type} on the command ring`);
    const fields = { type, ...decodeRecord(view, words, at) };
    this.#commands.release();
    return fields;
  }

  /** Whether no command is on its way. */
  get idle(): boolean {
    return !this.#commands.hasNext();
  }

  /** What `fields` leave out is 0; any field of the second struct makes the record a long one. */
  report(fields: Fields): void {
    this.#write(ExecutionReport, { source: 1, account: 1, ...fields });
  }

  /** The own report of `command`: it answers and ends it, unless `fields` say otherwise. */
  answer(command: Fields, fields: Fields): void {
    const echoed: Fields = {};
    for (const name of ECHOED) if (command[name] !== undefined) echoed[name] = command[name];
    const flags = EventFlags.Answer | EventFlags.EndOfCommand;
    this.report({ ...echoed, leavesQuantity: command.quantity ?? 0, flags, ...fields });
  }

  trade(fields: Fields): void {
    this.#write(Trade, { makerAccount: 1, takerAccount: 1, ...fields });
  }

  status(fields: Fields): void {
    this.#write(InstrumentStatus, fields);
  }

  #write(view: View, fields: Fields): void {
    const ring = this.#events;
    const isExtended = Object.keys(fields).some((name) => EXTENSION.test(name)) && 'EXTENDED_BYTES' in view;
    const at = ring.claim(view.TYPE, isExtended ? Number(view.EXTENDED_BYTES) : view.BYTES);
    if (at === FULL) throw new Error('the event ring is full');
    encodeZeros(view.encode, ring.words, at);
    if (isExtended) encodeZeros(view.encodeExtension, ring.words, at);
    const all: Fields = { eventSequence: ++this.#sequence, ...fields };
    for (const [name, value] of Object.entries(all)) {
      if (name === 'clientOrderIdHigh') continue;
      if (name === 'clientOrderIdLow') {
        ExecutionReport.setClientOrderId(ring.words, at, value, fields.clientOrderIdHigh);
        continue;
      }
      const setter = view[`set${name[0].toUpperCase()}${name.slice(1)}`];
      if (typeof setter !== 'function') throw new Error(`the record has no field ${name}`);
      setter(ring.words, at, value);
    }
    ring.commitAndPublish();
  }
}

function encodeZeros(encode: unknown, words: Int32Array, at: number): void {
  if (typeof encode !== 'function') throw new Error('the view has no encoder');
  encode(words, at, ...new Array<number>(encode.length - 2).fill(0));
}
