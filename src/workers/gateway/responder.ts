/** Where the answer to a command goes: an HTTP exchange or a message on a WebSocket. */
export interface Responder {
  /** The session to which orders that it enters belong; 0: none, they outlive the connection. */
  readonly owner: number;
  /** Whether they are canceled when the session is over. */
  readonly cancelOnDisconnect: boolean;
  /** The client is still there to be answered. */
  readonly open: boolean;
  /** Called before `answer` with the ExecutionReport that it comes from, when one has come. */
  onReport?(words: Int32Array, at: number): void;
  /** Sends the one answer: an HTTP status and a JSON object as text. Ignored when the client is gone. */
  answer(status: number, body: string): void;
}

/** Commands that are answered; decides the HTTP status and the wording. */
export const CommandKind = { New: 1, Cancel: 2, Amend: 3, MassCancel: 4 } as const;
export type CommandKind = (typeof CommandKind)[keyof typeof CommandKind];
