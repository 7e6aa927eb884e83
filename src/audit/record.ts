import { createHash } from 'node:crypto';

/** A value before or after a change: plain JSON. */
export type AuditValue = string | number | boolean | null | { readonly [key: string]: AuditValue };

/** What an audit record says; the file adds its place in the chain. */
export interface AuditEntry {
  /** Unix time in nanoseconds, as text; and session time, nanoseconds. */
  readonly time_ns: string;
  readonly session_ns: number;
  /** Name that the operator gave; `system` for what happened by itself. */
  readonly operator: string;
  /** Remote address of the request; empty for what happened by itself. */
  readonly address: string;
  /** What was changed: `limit`, `kill_switch`, `account_state`, `breaker`, `phase`, `drill`, `start`. */
  readonly action: string;
  /** What it belongs to: account, symbol, key ... */
  readonly target: { readonly [key: string]: AuditValue };
  readonly before: AuditValue;
  readonly after: AuditValue;
  /** Why, in the words of the operator or of the rule. */
  readonly reason: string;
}

/** One line of an audit file. */
export interface AuditRecord extends AuditEntry {
  /** From 1, without a gap. */
  readonly sequence: number;
  /** Hash of the record before, {@link NO_HASH} in the first. */
  readonly previous: string;
  readonly hash: string;
}

/** What the first record has in the place of its predecessor's hash. */
export const NO_HASH = '0'.repeat(64);

/** The hash is the last member, so that what it covers is all of the line that stands before it, byte by byte. */
const HASH_MEMBER = /^(\{.*),"hash":"([0-9a-f]{64})"\}$/s;

/** Place in the chain: the record that came last. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

export const CHAIN_START: ChainEnd = { sequence: 0, hash: NO_HASH };

/** The line, without its newline, that follows `end`, and the end that it makes. */
export function sealEntry(
  entry: AuditEntry,
  end: ChainEnd,
): { readonly line: string; readonly end: ChainEnd } {
  const { time_ns, session_ns, operator, address, action, target, before, after, reason } = entry;
  const sequence = end.sequence + 1;
  const members = { time_ns, session_ns, operator, address, action, target, before, after, reason };
  const text = JSON.stringify({ sequence, ...members, previous: end.hash }).slice(0, -1);
  const hash = hashOf(text);
  return { line: `${text},"hash":"${hash}"}`, end: { sequence, hash } };
}

/** The record that a line holds when it follows `end`; else what is wrong with it, for people. */
export function openLine(line: string, end: ChainEnd): AuditRecord | string {
  const match = HASH_MEMBER.exec(line);
  if (match === null) return 'it is no audit record: a JSON object whose last member is a hash';
  const [, text, hash] = match;
  if (hashOf(text) !== hash)
    return `its content does not have the hash that it carries (${hash.slice(0, 16)}...)`;
  const record = parse(line);
  if (record === undefined) return 'it is no JSON object';
  if (record.sequence !== end.sequence + 1)
    return `its sequence is ${record.sequence}, allowed: ${end.sequence + 1}`;
  if (record.previous !== end.hash) return 'it does not carry the hash of the record before';
  return record;
}

/** Sequence and hash of a line whose own hash is right, whatever came before it. */
export function chainEndOf(line: string): ChainEnd | undefined {
  const match = HASH_MEMBER.exec(line);
  if (match === null || hashOf(match[1]) !== match[2]) return undefined;
  const sequence = parse(line)?.sequence;
  return Number.isSafeInteger(sequence) ? { sequence: sequence as number, hash: match[2] } : undefined;
}

function parse(line: string): AuditRecord | undefined {
  try {
    return JSON.parse(line) as AuditRecord;
  } catch {
    return undefined;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
