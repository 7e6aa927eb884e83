import { AuditFile } from '../../../audit/audit-file.js';
import type { AuditEntry } from '../../../audit/record.js';
import { epochText, type Session, type SessionClock } from '../../../lib/clock.js';
import type { AgentLog } from '../../../telemetry/agent-log.js';

/** What a record says; the trail adds the time. */
export type AuditFields = Omit<AuditEntry, 'time_ns' | 'session_ns'>;

/** Who has asked for a change. */
export interface Operator {
  readonly name: string;
  readonly address: string;
}

/** The name in records of what nobody asked for. */
export const SYSTEM: Operator = { name: 'system', address: '' };

/** A change that holds only once its record is on disk. */
export interface AuditedChange {
  /** The record; asked for when all changes before it have been applied, so that `before` is what holds then. May throw. */
  readonly describe: () => readonly AuditFields[];
  readonly apply: () => void;
  /** The change holds, or (with an error) nothing has happened. */
  readonly done: (error: Error | undefined) => void;
}

export interface AuditTrailParts {
  readonly session: Session;
  readonly clock: SessionClock;
  readonly log: AgentLog;
}

/** Records of what has happened already that wait for a disk at the most; later ones are lost, counted and logged. */
const WAITING_NOTES = 65_536;
/** Records written at once. */
const BATCH = 1024;
/** Before the next try to write notes, ms. */
const RETRY_MS = 1000;

interface Item {
  readonly entries?: readonly AuditEntry[];
  readonly change?: AuditedChange;
  readonly written?: (error: Error | undefined) => void;
}

/**
 * The order in which changes and their records happen. The gateway's thread owns it: it takes the requests, may do I/O, and no
 * thread on the way of an order waits for it. Writing is asynchronous, so that clients are served while the disk works; changes take
 * effect one after the other, each after its record is on disk. A change whose record cannot be written is refused.
 */
export class AuditTrail {
  readonly #parts: AuditTrailParts;
  readonly #items: Item[] = [];
  #file: AuditFile | undefined;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #lost = 0;
  #closing = false;

  constructor(parts: AuditTrailParts) {
    this.#parts = parts;
  }

  /** Opens the file; its first record, of the start, has `state` and is written while clients are served already. Throws AuditError when the file cannot be used. */
  async open(path: string, state: AuditFields['after']): Promise<void> {
    const file = await AuditFile.open(path);
    this.#file = file;
    const { torn } = file;
    if (torn !== undefined) this.#parts.log.warn('the audit file ended in an unfinished record', { torn });
    this.note({
      operator: SYSTEM.name,
      address: SYSTEM.address,
      action: 'start',
      target: { process: process.pid },
      before: torn ?? null,
      after: state,
      reason: torn === undefined ? '' : 'before: an unfinished record that was cut off',
    });
  }

  /** A change that waits for its record. */
  change(change: AuditedChange): void {
    if (this.#closing) {
      change.done(new Error('the system is shutting down'));
      return;
    }
    this.#items.push({ change });
    this.#start();
  }

  /** Something that has happened already. `written` is told whether its record is on disk. */
  note(fields: AuditFields, written?: (error: Error | undefined) => void): void {
    if (this.#items.length >= WAITING_NOTES) {
      if (this.#lost++ === 0) this.#parts.log.error('audit records are lost: the file cannot be written');
      written?.(new Error('too many records wait for the audit file'));
      return;
    }
    this.#items.push({ entries: [this.#stamp(fields)], ...(written && { written }) });
    // What nobody waits for waits for the next try.
    if (written !== undefined || this.#retry === undefined) this.#start();
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    await (this.#running ?? this.#run());
    const unwritten = this.#items.length + this.#lost;
    if (unwritten > 0) this.#parts.log.error('audit records could not be written', { records: unwritten });
    await this.#file?.close();
    this.#file = undefined;
  }

  #start(): void {
    if (this.#running !== undefined || this.#file === undefined) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#items.length > 0 && this.#file !== undefined) {
      const failure = await this.#writeBatch(this.#file);
      if (failure === undefined) continue;
      this.#parts.log.error('the audit file could not be written', { error: failure.message });
      this.#refuseChanges(failure);
      if (this.#items.length > 0 && !this.#closing) this.#retryLater();
      return;
    }
  }

  /** Writes notes up to and with the next change, and lets that hold. Returns why it could not; the batch is waiting again then. */
  async #writeBatch(file: AuditFile): Promise<Error | undefined> {
    const count = this.#items.findIndex(({ change }) => change !== undefined) + 1;
    const batch = this.#items.splice(0, count === 0 ? BATCH : Math.min(count, BATCH));
    const change = batch.at(-1)?.change;
    const entries = batch.flatMap((item) => item.entries ?? []);
    let refusal: Error | undefined;
    try {
      if (change !== undefined) entries.push(...change.describe().map((fields) => this.#stamp(fields)));
    } catch (error) {
      refusal = errorOf(error);
    }
    try {
      if (entries.length > 0) await file.append(entries);
    } catch (error) {
      this.#items.unshift(...batch);
      return errorOf(error);
    }
    if (entries.length > 0) this.#parts.log.info('audited', { records: entries.length, ...file.end });
    for (const { written } of batch) written?.(undefined);
    if (change !== undefined) this.#finish(change, refusal);
    return undefined;
  }

  #finish(change: AuditedChange, refusal: Error | undefined): void {
    if (refusal !== undefined) {
      change.done(refusal);
      return;
    }
    try {
      change.apply();
    } catch (error) {
      // What can be wrong was found when it was described; this is a defect, and the record must not stand alone.
      const failure = errorOf(error);
      this.#parts.log.error('an audited change failed', { error: failure.stack ?? failure.message });
      for (const fields of change.describe()) this.note({ ...fields, reason: `failed: ${failure.message}` });
      change.done(failure);
      return;
    }
    change.done(undefined);
  }

  /** The disk does not take records: whoever waits for a change is told now, and notes wait without their listeners. */
  #refuseChanges(failure: Error): void {
    for (const { change, written, entries } of this.#items.splice(0)) {
      change?.done(failure);
      written?.(failure);
      if (entries !== undefined) this.#items.push({ entries });
    }
  }

  #retryLater(): void {
    this.#retry = setTimeout(() => this.#start(), RETRY_MS);
    this.#retry.unref();
  }

  #stamp(fields: AuditFields): AuditEntry {
    const { session, clock } = this.#parts;
    const now = clock.now();
    return { time_ns: epochText(session, now), session_ns: now, ...fields };
  }
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
