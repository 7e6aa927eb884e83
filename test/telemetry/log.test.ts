/** From an agent's log call, over the ring of its thread, to the file of the agent. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/errors.js';
import { epochText, SessionClock, startSession } from '../../src/lib/clock.js';
import { LogLevel } from '../../src/lib/enums.js';
import type { LogRecordFields } from '../../src/messages/cold.js';
import { createRing } from '../../src/ring/layout.js';
import { RingProducer } from '../../src/ring/producer.js';
import { LogWriter } from '../../src/supervisor/log-writer.js';
import { collectLog, RingLog } from '../../src/telemetry/agent-log.js';
import { temporaryDirectory } from '../support/temporary.js';

const session = startSession();
const clock = new SessionClock(session);
let directory: { path: string; remove: () => void };
let shown: LogRecordFields[] = [];

beforeEach(() => {
  directory = temporaryDirectory();
  shown = [];
});
afterEach(() => directory.remove());

interface Line {
  readonly level: number;
  readonly agent: string;
  readonly msg: string;
  readonly timestamp_ns: string;
  readonly [key: string]: unknown;
}

function rig(options: { capacityBytes?: number; level?: string; threshold?: number; path?: string } = {}) {
  const {
    capacityBytes = 65_536,
    level = 'info',
    threshold = LogLevel.Info,
    path = directory.path,
  } = options;
  const ring = createRing({ name: 'log.test', capacityBytes, gating: 1 });
  const producer = new RingProducer(ring);
  let lost = 0;
  const logOf = (agent: 'risk' | 'matching'): RingLog =>
    new RingLog(producer, agent, clock, threshold, () => lost++);
  const writer = new LogWriter({
    session,
    rings: [ring],
    directory: path,
    level,
    onLine: (record) => shown.push(record),
  });
  return { writer, logOf, lost: () => lost };
}

function linesOf(agent: string): Line[] {
  const text = readFileSync(join(directory.path, `${agent}.log`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

describe('log lines', () => {
  it('reach the file of their agent with the time of writing, in order', () => {
    const { writer, logOf } = rig();
    const before = epochText(session, clock.now());
    logOf('risk').info('first', { account: 7, ok: true, text: 'ä "quoted"\n', nothing: null });
    logOf('matching').warn('other agent');
    logOf('risk').error('second');
    const after = epochText(session, clock.now());
    writer.drain();
    writer.close();
    const [first, second] = linesOf('risk');
    expect(first).toMatchObject({
      level: 30,
      agent: 'risk',
      msg: 'first',
      account: 7,
      ok: true,
      nothing: null,
    });
    expect(first.text).toBe('ä "quoted"\n');
    expect(second).toMatchObject({ level: 50, msg: 'second' });
    expect(before <= first.timestamp_ns && first.timestamp_ns <= second.timestamp_ns).toBe(true);
    expect(second.timestamp_ns <= after).toBe(true);
    expect(linesOf('matching')).toHaveLength(1);
    expect(shown.map(({ agent, message }) => `${agent} ${message}`)).toEqual([
      'risk first',
      'matching other agent',
      'risk second',
    ]);
  });

  it('below the level are not written', () => {
    const { writer, logOf } = rig({ level: 'warn', threshold: LogLevel.Warn });
    const log = logOf('risk');
    log.debug('no');
    log.info('no');
    log.warn('yes');
    writer.write(LogLevel.Info, 'a line of the supervisor');
    writer.close();
    expect(linesOf('risk').map(({ msg }) => msg)).toEqual(['yes']);
    expect(linesOf('supervisor')).toEqual([]);
  });

  it('silent writes no file and makes no folder, but still shows', () => {
    const path = join(directory.path, 'deep', 'logs');
    const { writer } = rig({ level: 'silent', path });
    writer.write(LogLevel.Error, 'something broke');
    writer.close();
    expect(existsSync(path)).toBe(false);
    expect(shown.map(({ message }) => message)).toEqual(['something broke']);
  });

  it('a full ring drops and counts, and never waits', () => {
    const { writer, logOf, lost } = rig();
    const log = logOf('risk');
    const written = 2000;
    for (let n = 0; n < written; n++) log.info(`line ${n}`);
    expect(lost()).toBeGreaterThan(0);
    writer.close();
    const kept = linesOf('risk').map(({ msg }) => msg);
    expect(kept).toEqual(Array.from({ length: written - lost() }, (_, n) => `line ${n}`));
    log.info('room again');
  });

  it('all that is in the ring is written at closing', () => {
    const { writer, logOf, lost } = rig({ capacityBytes: 1 << 20 });
    for (let n = 0; n < 5000; n++) logOf('risk').info(`line ${n}`);
    writer.close();
    expect([linesOf('risk').length, lost()]).toEqual([5000, 0]);
  });

  it('of any length are cut to fit the ring; fields stay an object', () => {
    const { writer, logOf, lost } = rig();
    const long = 'Ω"\\\n'.repeat(20_000);
    logOf('risk').error(long, { stack: long, more: 1 });
    writer.close();
    const [line] = linesOf('risk');
    expect(long.startsWith(line.msg)).toBe(true);
    expect(line.msg.length).toBeGreaterThan(1000);
    expect(line.cut).toContain('{"stack":"Ω');
    expect(lost()).toBe(0);
  });

  it('the last lines of an agent are kept', () => {
    const { writer, logOf } = rig();
    for (let n = 0; n < 30; n++) logOf('risk').info(`line ${n}`, n === 29 ? { n } : undefined);
    writer.drain();
    const last = writer.lastLines('risk');
    expect([last.length, last[0], last[19]]).toEqual([20, 'INFO line 10', 'INFO line 29 {"n":29}']);
    expect(writer.lastLines('nobody')).toEqual([]);
    writer.close();
  });
});

describe('files that fail', () => {
  it('a folder that cannot be made is a fault of the configuration', () => {
    const file = join(directory.path, 'file');
    writeFileSync(file, '');
    expect(() => rig({ path: join(file, 'logs') })).toThrow(ConfigError);
    expect(() => rig({ path: join(file, 'logs') })).toThrow(/log\.dir = ".*\/file\/logs".*\n.*ENOTDIR/);
  });

  it('so is one in a place that takes none: it must not be tried without end', () => {
    expect(() => rig({ path: '/proc/nope/logs' })).toThrow(/log\.dir = "\/proc\/nope\/logs".*\n.*ENOENT/);
  });

  it('so is one in which no file can be opened', () => {
    mkdirSync(join(directory.path, 'supervisor.log'));
    expect(() => rig()).toThrow(/log\.dir = .*\n.*EISDIR/);
  });

  it('a file of one agent that cannot be opened is reported once and costs only its lines', () => {
    mkdirSync(join(directory.path, 'risk.log'));
    const { writer, logOf } = rig();
    for (const text of ['one', 'two']) {
      logOf('risk').info(text);
      logOf('matching').info(text);
    }
    writer.close();
    expect(shown.filter(({ level }) => level === LogLevel.Error).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^log file of risk cannot be written, lines are lost: EISDIR/),
    ]);
    expect(linesOf('matching')).toHaveLength(2);
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk is reported once, and everything else goes on', () => {
    symlinkSync('/dev/full', join(directory.path, 'risk.log'));
    const { writer, logOf } = rig();
    for (let n = 0; n < 10; n++) {
      logOf('risk').info(`line ${n}`);
      logOf('matching').info(`line ${n}`);
      writer.drain();
    }
    writer.close();
    expect(shown.filter(({ level }) => level === LogLevel.Error).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^log file of risk cannot be written, lines are lost: ENOSPC/),
    ]);
    expect(linesOf('matching')).toHaveLength(10);
  });
});

it('collectLog keeps lines with level and fields', () => {
  const log = collectLog();
  log.debug('a');
  log.warn('b', { n: 1 });
  expect(log.lines).toEqual([
    { level: LogLevel.Debug, message: 'a', fields: undefined },
    { level: LogLevel.Warn, message: 'b', fields: { n: 1 } },
  ]);
});
