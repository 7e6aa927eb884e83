import { Builder } from 'flatbuffers';
import { EventFlags, ExecutionType, OrderStatus } from '../../src/lib/enums.js';
import { GatewayRig, until } from './gateway-rig.js';
import { type Fields, ScriptedCore } from './scripted-core.js';
import { Client, type Message } from './websocket-client.js';

/** Flags of an own report that nothing follows. */
export const OWN = EventFlags.Answer | EventFlags.EndOfCommand;
export const ACCEPTED = { executionType: ExecutionType.New, status: OrderStatus.New };

/** A gateway over live sockets whose core the test writes, with a client that follows all orders. */
export class ScriptedGateway {
  readonly rig: GatewayRig;
  readonly core: ScriptedCore;
  readonly client: Client;
  #requests = 1000;

  private constructor(rig: GatewayRig, client: Client) {
    this.rig = rig;
    this.core = new ScriptedCore(rig);
    this.client = client;
  }

  static async start(): Promise<ScriptedGateway> {
    const rig = await GatewayRig.start();
    const client = await Client.open(rig);
    await client.ask({ op: 'subscribe', channel: 'orders' });
    return new ScriptedGateway(rig, client);
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.rig.stop();
  }

  async get(orderId: number): Promise<Message> {
    return (await this.rig.get(`/api/orders/${orderId}`)).body;
  }

  /** What subscribers of orders were told. */
  told(): Message[] {
    return this.client.messages.filter(({ type }) => type === 'execution');
  }

  /** Types, orders and statuses of it, once there are so many. */
  async events(count: number): Promise<unknown[]> {
    await until(() => this.told().length >= count);
    return this.told().map((one) => [one.execution_type, Number(one.order_id), one.status]);
  }

  /** Enters an order that matching accepts with `flags`; returns the command and the reply. */
  async entered(fields: Message, flags = OWN | EventFlags.Resting): Promise<[Fields, Message]> {
    const asked = this.rig.order(fields);
    const command = await this.core.command();
    this.core.answer(command, { ...ACCEPTED, flags });
    return [command, (await asked).body];
  }

  /** Sends a binary message; the result waits for its answer. */
  askBinary(type: number, flatbuffer: Uint8Array): () => Promise<Message> {
    const id = this.#requests++;
    const message = new Uint8Array(8 + flatbuffer.length);
    new DataView(message.buffer).setUint32(0, type, true);
    new DataView(message.buffer).setUint32(4, id, true);
    message.set(flatbuffer, 8);
    this.client.socket.send(message);
    return () => this.client.wait((one) => one.id === id);
  }
}

/** A table with one or two structs, by the official builder. */
export function record(first: (b: Builder) => number, second?: (b: Builder) => number): Uint8Array {
  const builder = new Builder(256);
  builder.startObject(2);
  if (second !== undefined) builder.addFieldStruct(1, second(builder), 0);
  builder.addFieldStruct(0, first(builder), 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}
