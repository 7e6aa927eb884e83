import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { FrameSource } from '../../src/venues/frame.js';

const NEWLINE = 10;
const SPACE = 32;
const CAPTURE = 'binance/usdm_btcusdt_20240808.gz';

/** A recorded or invented USD-M stream, whole in memory, to be played again and again. */
export class FeedStream implements FrameSource {
  readonly bytes: Uint8Array;
  readonly source: string;
  start = 0;
  end = 0;
  receiveTime = 0;

  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #index = 0;

  /** `text`: lines of `<receive time> <message>`. */
  constructor(source: string, text: Uint8Array) {
    this.source = source;
    this.bytes = new Uint8Array(text);
    const starts: number[] = [];
    const ends: number[] = [];
    for (let at = 0; at < this.bytes.length; ) {
      const end = this.bytes.indexOf(NEWLINE, at);
      starts.push(this.bytes.indexOf(SPACE, at) + 1);
      ends.push(end);
      at = end + 1;
    }
    this.#starts = Int32Array.from(starts);
    this.#ends = Int32Array.from(ends);
  }

  get messages(): number {
    return this.#starts.length;
  }

  rewind(): void {
    this.#index = 0;
  }

  next(): boolean {
    const index = this.#index;
    if (index === this.#starts.length) return false;
    this.start = this.#starts[index];
    this.end = this.#ends[index];
    this.receiveTime = index * 1000;
    this.#index = index + 1;
    return true;
  }

  hasNext(): boolean {
    return this.#index < this.#starts.length;
  }
}

/** The recorded stream where it is at hand and wanted, else an invented one of `messages` messages. */
export function loadStream(messages: number, recorded: boolean): FeedStream {
  const beside = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', 'shared', 'captures');
  const file = join(process.env.MILLRACE_CAPTURES ?? beside, CAPTURE);
  if (recorded && existsSync(file)) return new FeedStream(CAPTURE, gunzipSync(readFileSync(file)));
  return new FeedStream(`invented stream of ${messages} messages`, Buffer.from(invent(messages)));
}

const DEPTH_SHARE = 7; // percent, as recorded on a busy day
const TRADE_SHARE = 23;
const LEVELS = 30;
const START = 1_700_000_000_000;

/** Same mix and shapes as the recording; every depth update continues the one before, and the book never crosses. */
function invent(messages: number): string {
  let state = 12345;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * limit);
  };
  const side = (best: number, away: number, count: number, full: boolean): string => {
    const levels = Array.from({ length: count }, (_, i) => {
      const ticks = best + away * (full ? i : random(i < 5 ? 10 : 1000));
      const lots = full || random(4) > 0 ? 1 + random(5000) : 0;
      return `["${(ticks / 10).toFixed(2)}","${(lots / 1000).toFixed(3)}"]`;
    });
    return `[${levels.join(',')}]`;
  };
  const lines: string[] = [];
  let id = 5_000_000_000_000;
  for (let i = 0; i < messages; i++) {
    const time = START + i;
    const kind = random(100);
    const common = `"E":${time},"T":${time},"s":"BTCUSDT"`;
    let message: string;
    if (i === 0) {
      message = `{"lastUpdateId":${id},"E":${time},"T":${time},"bids":${side(600_000, -1, 1000, true)},"asks":${side(600_001, 1, 1000, true)}}`;
    } else if (i === 1 || kind < DEPTH_SHARE) {
      const lists = `"b":${side(600_000, -1, LEVELS, false)},"a":${side(600_001, 1, LEVELS, false)}`;
      message = envelope(
        'depth@0ms',
        `"e":"depthUpdate",${common},"U":${id + 1},"u":${id + 50},"pu":${id},${lists}`,
      );
      id += 50;
    } else if (kind < DEPTH_SHARE + TRADE_SHARE) {
      const trade = `"t":${i},"p":"${(60_000 + random(10) / 10).toFixed(2)}","q":"0.0${10 + random(90)}"`;
      message = envelope('trade', `"e":"trade",${common},${trade},"X":"MARKET","m":${random(2) === 1}`);
    } else {
      const top = `"b":"60000.00","B":"${random(9)}.100","a":"60000.10","A":"${random(9)}.200"`;
      message = envelope(
        'bookTicker',
        `"e":"bookTicker","u":${id + 7},"s":"BTCUSDT",${top},"T":${time},"E":${time}`,
      );
    }
    lines.push(`${time}000000 ${message}\n`);
  }
  return lines.join('');
}

function envelope(stream: string, data: string): string {
  return `{"stream":"btcusdt@${stream}","data":{${data}}}`;
}
