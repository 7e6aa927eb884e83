import type { AuditRecord, AuditValue } from './record.js';
import { verifyAudit } from './verify.js';

/** Where a command prints to. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export interface ShowFlags {
  readonly json?: boolean;
  /** How many of the last records; default: all. */
  readonly last?: string;
}

/** `millrace audit verify FILE`: exit code 0 when the chain is whole, 1 when not or when the file cannot be read. */
export async function auditVerifyCommand(path: string, flags: ShowFlags, output: Output): Promise<number> {
  const verdict = await verifyAudit(path).catch((error: Error) => unreadable(error));
  if (flags.json === true)
    output.out(`${JSON.stringify({ file: path, ...verdict, fault: verdict.fault ?? null })}\n`);
  else if (verdict.fault === undefined)
    output.out(`${path}: whole, ${verdict.records} records, last hash ${verdict.hash}\n`);
  else output.err(`${path}: ${verdict.fault}; ${verdict.records} records before it are whole\n`);
  return verdict.fault === undefined ? 0 : 1;
}

/** `millrace audit show FILE`: the records for people, one a line, as far as the chain is whole. */
export async function auditShowCommand(path: string, flags: ShowFlags, output: Output): Promise<number> {
  const last = flags.last === undefined ? Number.POSITIVE_INFINITY : Number(flags.last);
  if (!(last >= 1)) {
    output.err(`--last is ${flags.last}, allowed: a whole number from 1\n`);
    return 1;
  }
  const kept: AuditRecord[] = [];
  const verdict = await verifyAudit(path, (record) => {
    kept.push(record);
    if (kept.length > last) kept.shift();
  }).catch((error: Error) => unreadable(error));
  for (const record of kept)
    output.out(`${flags.json === true ? JSON.stringify(record) : recordText(record)}\n`);
  if (verdict.fault !== undefined) output.err(`${path}: ${verdict.fault}\n`);
  return verdict.fault === undefined ? 0 : 1;
}

function unreadable({ message }: Error) {
  return { records: 0, hash: '', fault: message };
}

function recordText(record: AuditRecord): string {
  const { sequence, time_ns, operator, address, action, target, before, after, reason } = record;
  const time = new Date(Number(BigInt(time_ns) / 1_000_000n)).toISOString();
  const who = address === '' ? operator : `${operator}@${address}`;
  const change = `${valueText(before)} -> ${valueText(after)}`;
  // Quoted, as the operator's words could hold anything, control characters too.
  const why = reason === '' ? '' : `  (${JSON.stringify(reason)})`;
  return `${sequence}  ${time}  ${who}  ${action} ${valueText(target)}  ${change}${why}`;
}

function valueText(value: AuditValue): string {
  if (value === null) return 'off';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}=${valueText(inner)}`)
    .join(' ');
}
