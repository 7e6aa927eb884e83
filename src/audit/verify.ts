import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type AuditRecord, CHAIN_START, openLine } from './record.js';

/** What a walk along an audit file found. */
export interface AuditVerdict {
  readonly records: number;
  /** Hash of the last good record. */
  readonly hash: string;
  /** Line of the first fault and what it is, for people; undefined: the file is whole. */
  readonly fault: string | undefined;
}

/**
 * Walks along a file from its first record, handing each good one to `visit`, and stops at the first fault. A chain does not
 * show that its end is missing: compare `records` and `hash` with what the gateway's log said last.
 */
export async function verifyAudit(
  path: string,
  visit: (record: AuditRecord) => void = () => {},
): Promise<AuditVerdict> {
  const lines = createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let end = CHAIN_START;
  let number = 0;
  for await (const line of lines) {
    number++;
    const record = openLine(line, end);
    if (typeof record === 'string') {
      lines.close();
      return { records: end.sequence, hash: end.hash, fault: `line ${number}: ${record}` };
    }
    end = { sequence: record.sequence, hash: record.hash };
    visit(record);
  }
  return { records: end.sequence, hash: end.hash, fault: undefined };
}
