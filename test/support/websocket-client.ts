import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './gateway-rig.js';

export type Message = Record<string, unknown>;

/** A client that keeps what it gets and checks that no message was left out. */
export class Client {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  closed: { code: number } | undefined;
  #next = 1;

  constructor(rig: { readonly url: string }, query = '') {
    this.socket = new WebSocket(`${rig.url.replace('http', 'ws')}/ws${query}`);
    this.socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      if (message.seq !== this.#next++) throw new Error(`message ${message.seq}, not ${this.#next - 1}`);
      this.messages.push(message);
    });
    this.socket.on('close', (code) => {
      this.closed = { code };
    });
    this.socket.on('error', () => {});
  }

  /** `query`: with its question mark, or empty. */
  static async open(rig: { readonly url: string }, query = ''): Promise<Client> {
    const client = new Client(rig, query);
    await once(client.socket, 'open');
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The first message that matches, waited for. */
  async wait(match: (message: Message) => boolean): Promise<Message> {
    await until(() => this.messages.some(match));
    return this.messages.find(match) as Message;
  }

  /** Sends with an id and waits for the answer to it. */
  async ask(message: Message): Promise<Message> {
    const id = `q${this.#asked++}`;
    this.send({ ...message, id });
    return this.wait((one) => one.id === id);
  }
  #asked = 0;

  async close(): Promise<void> {
    if (this.closed !== undefined) return;
    this.socket.close();
    await until(() => this.closed !== undefined);
  }
}
