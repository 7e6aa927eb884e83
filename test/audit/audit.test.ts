import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditFile } from '../../src/audit/audit-file.js';
import { auditShowCommand, auditVerifyCommand } from '../../src/audit/commands.js';
import { type AuditEntry, type AuditRecord, NO_HASH } from '../../src/audit/record.js';
import { verifyAudit } from '../../src/audit/verify.js';
import { SEED } from '../support/seed.js';
import { temporaryDirectory } from '../support/temporary.js';

let folder: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  folder = temporaryDirectory();
  path = join(folder.path, 'deep', 'audit.jsonl');
});
afterEach(() => folder.remove());

const entry = (fields: Partial<AuditEntry> = {}): AuditEntry => ({
  time_ns: '1789000000123456789',
  session_ns: 5_000_000_001,
  operator: 'olga',
  address: '127.0.0.1',
  action: 'limit',
  target: { account: 3, symbol: 'BTC-USD', key: 'max_position' },
  before: '10',
  after: '5',
  reason: 'volatile "morning"\n',
  ...fields,
});

/** A file with so many records. */
async function fileWith(count: number): Promise<void> {
  const file = await AuditFile.open(path);
  for (let i = 0; i < count; i++) await file.append([entry({ after: String(i) })]);
  await file.close();
}

const lines = (): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('an audit file', () => {
  it('holds what it was given, numbered and chained', async () => {
    const file = await AuditFile.open(path);
    await file.append([entry()]);
    await file.append([entry({ operator: 'system' }), entry({ before: null, after: { state: 'halted' } })]);
    const [first, second, third] = lines().map((line) => JSON.parse(line) as AuditRecord);
    expect(first).toMatchObject({ sequence: 1, previous: NO_HASH, ...entry() });
    expect(second).toMatchObject({ sequence: 2, previous: first.hash, operator: 'system' });
    expect(third).toMatchObject({ sequence: 3, previous: second.hash, before: null });
    expect(file.end).toEqual({ sequence: 3, hash: third.hash });
    await file.close();
    expect(await verifyAudit(path)).toEqual({ records: 3, hash: third.hash, fault: undefined });
  });

  it('goes on where the last writer stopped', async () => {
    await fileWith(2);
    await fileWith(1);
    expect(await verifyAudit(path)).toMatchObject({ records: 3, fault: undefined });
  });

  it('cuts off a record that was not finished, and says what it was', async () => {
    await fileWith(2);
    const [, second] = lines();
    truncateSync(path, readFileSync(path).length - 10);
    const file = await AuditFile.open(path);
    expect(file.torn).toBe(second.slice(0, -9));
    expect(file.end.sequence).toBe(1);
    await file.append([entry()]);
    await file.close();
    expect(await verifyAudit(path)).toMatchObject({ records: 2, fault: undefined });
  });

  it('belongs to one process that lives', async () => {
    writeFileSync(join(folder.path, 'other'), '');
    path = join(folder.path, 'audit.jsonl');
    writeFileSync(`${path}.lock`, '1');
    await expect(AuditFile.open(path)).rejects.toThrow(/written by process 1 /);
    writeFileSync(`${path}.lock`, '99999999');
    await (await AuditFile.open(path)).close();
  });

  it('is refused when its last line is no record', async () => {
    await fileWith(1);
    appendFileSync(path, 'what is this?\n');
    await expect(AuditFile.open(path)).rejects.toThrow(/no whole audit record/);
  });

  it('does not count what could not be written, and goes on after it', async () => {
    const file = await AuditFile.open(path);
    await file.append([entry()]);
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    await expect(file.append([entry({ after: cyclic as never })])).rejects.toThrow();
    await file.append([entry()]);
    expect(file.end.sequence).toBe(2);
    await file.close();
    await expect(file.append([entry()])).rejects.toThrow(/closed/);
    expect(await verifyAudit(path)).toMatchObject({ records: 2, fault: undefined });
  });
});

describe('verification', () => {
  it('finds any change of any byte, and any line taken out, put in or moved', async () => {
    await fileWith(4);
    const good = readFileSync(path);
    const text = lines();
    const forged: Buffer[] = [
      Buffer.from(`${[text[0], text[2], text[3]].join('\n')}\n`),
      Buffer.from(`${[text[1], text[0], text[2], text[3]].join('\n')}\n`),
      Buffer.from(`${[text[0], text[0], text[1]].join('\n')}\n`),
      Buffer.from(`${text.slice(1).join('\n')}\n`),
    ];
    for (const bytes of forged) {
      writeFileSync(path, bytes);
      expect((await verifyAudit(path)).fault).toMatch(/^line \d/);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: good.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const bytes = Buffer.from(good);
          bytes[at] ^= by;
          writeFileSync(path, bytes);
          expect((await verifyAudit(path)).fault).toMatch(/^line \d/);
        },
      ),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('is a command, as is the list for people', async () => {
    await fileWith(3);
    const printed: string[] = [];
    const output = { out: (text: string) => printed.push(text), err: (text: string) => printed.push(text) };
    expect(await auditVerifyCommand(path, {}, output)).toBe(0);
    expect(printed.join('')).toMatch(/whole, 3 records, last hash [0-9a-f]{64}\n$/);
    printed.length = 0;
    expect(await auditShowCommand(path, { last: '1' }, output)).toBe(0);
    expect(printed).toEqual([
      '3  2026-09-10T00:26:40.123Z  olga@127.0.0.1  limit account=3 symbol=BTC-USD key=max_position  10 -> 2' +
        '  ("volatile \\"morning\\"\\n")\n',
    ]);
    printed.length = 0;
    appendFileSync(path, '{}\n');
    expect(await auditVerifyCommand(path, { json: true }, output)).toBe(1);
    expect(JSON.parse(printed[0])).toMatchObject({ records: 3, fault: expect.stringContaining('line 4') });
    expect(await auditVerifyCommand(join(folder.path, 'none'), {}, output)).toBe(1);
    expect(await auditShowCommand(path, { last: 'x' }, output)).toBe(1);
  });
});
