/** One message as it lies in memory. `bytes[start, end)` is only read during the call that gets it. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Nanoseconds since session start. */
  readonly receiveTime: number;
}

/** Where frames come from: a socket's queue, a capture. */
export interface FrameSource extends Frame {
  /** Takes the next frame in hand (the fields above); false when there is none now. */
  next(): boolean;
  /** Is there a frame that `next` would take? */
  hasNext(): boolean;
}
