import type { WebSocket } from 'uWebSockets.js';
import type { CounterWriter } from '../../telemetry/board.js';
import { counterIds } from '../../telemetry/registry.js';

const C = counterIds('gateway');

/** uWebSockets.js: `send` dropped the message because the client is too far behind. */
const DROPPED = 2;

/** What uWebSockets.js keeps for each socket. */
export interface SessionData {
  session: Session | undefined;
  readonly cancelOnDisconnect: boolean;
}

/**
 * One WebSocket client. Every message it gets carries the next sequence number of this connection, so that it can tell that nothing
 * was left out: where the gateway itself lost something for it, a number is skipped. A client that does not read is cut off once `max_backpressure_bytes` wait for it
 * (closeOnBackpressureLimit): bounded memory, and no gap that it might overlook.
 */
export class Session {
  #socket: WebSocket<SessionData> | undefined;
  #sequence = 0;
  readonly #counters: CounterWriter;
  /** Number of the session: no other, of this gateway or one before it, has or had it. */
  readonly owner: number;
  /** Its open orders are canceled when it is over. */
  cancelOnDisconnect: boolean;

  /** Levels wanted of each instrument's book. */
  readonly books = new Map<number, number>();
  /** Account filter; 0: all accounts; undefined: not subscribed. */
  orders: number | undefined;
  positions: number | undefined;

  constructor(
    socket: WebSocket<SessionData>,
    counters: CounterWriter,
    owner: number,
    cancelOnDisconnect: boolean,
  ) {
    this.#socket = socket;
    this.#counters = counters;
    this.owner = owner;
    this.cancelOnDisconnect = cancelOnDisconnect;
  }

  get open(): boolean {
    return this.#socket !== undefined;
  }

  /** Sends `{"seq":n,<members>}`. */
  send(members: string): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    const outcome = socket.send(`{"seq":${++this.#sequence},${members}}`);
    this.#counters.add(outcome === DROPPED ? C.websocket_dropped_total : C.websocket_sent_total, 1);
  }

  /** Something that the client should have got is lost. */
  skip(): void {
    this.#sequence++;
  }

  /** The socket is gone; it must not be touched again. */
  forget(): void {
    this.#socket = undefined;
  }

  /** Ends the connection with a close frame. */
  end(code: number, reason: string): void {
    this.#socket?.end(code, reason);
  }
}
