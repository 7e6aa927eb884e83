import { snapshotUrl, type VenueTerms } from './binance-venues.js';

/** A snapshot's bytes, or why there are none; `text` is for the log. */
export type SnapshotAnswer =
  | { readonly bytes: Uint8Array; readonly text: '' }
  | { readonly bytes: undefined; readonly text: string };

const TIMEOUT_MS = 10_000;
/** Some 20 times a snapshot of 1000 levels a side. */
const MAXIMUM_BYTES = 2 * 1024 * 1024;
/** Waits after an answer that asks for one and does not say how long, seconds: slow down, and banned. */
const DEFAULT_WAIT: Readonly<Record<number, number>> = { 429: 10, 418: 120 };

/**
 * Asks one venue for depth snapshots, and keeps to its limits: requests cost weight out of a token bucket, and after 429 (slow
 * down) or 418 (banned) none is sent until the time that the venue named has passed. One per venue and process, because
 * venues count by address. Times are session time, ns.
 */
export class SnapshotClient {
  /** No request before this time. */
  blockedUntil = 0;

  readonly #base: string;
  readonly #terms: VenueTerms;
  readonly #now: () => number;
  #weight: number;
  #filledAt = 0;

  constructor(base: string, terms: VenueTerms, now: () => number) {
    this.#base = base;
    this.#terms = terms;
    this.#now = now;
    this.#weight = terms.burst;
  }

  /** Pays for one request; false when that is too early. */
  mayAsk(now: number): boolean {
    const { burst, perSecond, snapshotWeight } = this.#terms;
    if (now < this.blockedUntil) return false;
    this.#weight = Math.min(burst, this.#weight + ((now - this.#filledAt) / 1e9) * perSecond);
    this.#filledAt = now;
    if (this.#weight < snapshotWeight) return false;
    this.#weight -= snapshotWeight;
    return true;
  }

  /** Sends the request that `mayAsk` has paid for. Never rejects. */
  async ask(symbol: string, signal: AbortSignal): Promise<SnapshotAnswer> {
    try {
      const response = await fetch(snapshotUrl(this.#base, this.#terms, symbol), {
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        redirect: 'error',
      });
      if (response.ok) return { bytes: await readBounded(response), text: '' };
      await response.body?.cancel();
      return { bytes: undefined, text: `status ${response.status}${this.#heed(response)}` };
    } catch (error) {
      return { bytes: undefined, text: describe(error) };
    }
  }

  /** Stops asking for as long as the venue wants. */
  #heed(response: Response): string {
    const usual = DEFAULT_WAIT[response.status];
    if (usual === undefined) return '';
    const seconds = retryAfter(response.headers.get('retry-after')) ?? usual;
    this.blockedUntil = Math.max(this.blockedUntil, this.#now() + seconds * 1e9);
    return `, no request for ${seconds} s`;
  }
}

/** Seconds that a Retry-After header means (a number, or a date); undefined when it means none. */
function retryAfter(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of response.body ?? []) {
    total += chunk.length;
    if (total > MAXIMUM_BYTES) throw new Error(`answer is longer than ${MAXIMUM_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `fetch failed` alone says nothing: its cause does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
