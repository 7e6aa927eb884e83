/** The supervisor with real worker threads; the agents on them are toys that fail on demand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ThreadBoard, ThreadState } from '../../src/agent/thread-board.js';
import { TelemetryReader } from '../../src/telemetry/board.js';
import { counterIds } from '../../src/telemetry/registry.js';
import type { ToyBehaviours } from '../support/toy-agents.js';
import { type ToySystem, toySystem } from '../support/toy-system.js';

const C = counterIds('supervisor');
const systems: ToySystem[] = [];

function make(behaviours: ToyBehaviours = {}, flags: readonly string[] = []): ToySystem {
  const system = toySystem(behaviours, flags);
  systems.push(system);
  return system;
}

/** Where time runs short on purpose: a gateway that does not end in time would take this process with it. */
const NO_GATEWAY = '--gateway.enabled=false';

function drill(agent: string, action: string, after = 0): string {
  return `--drills=${JSON.stringify([{ agent, action, after_ms: after }])}`;
}

afterEach(async () => {
  for (const { supervisor, remove } of systems.splice(0)) {
    await supervisor.stop('end of test');
    expect(supervisor.stages.filter((stage) => stage.alive)).toEqual([]);
    remove();
  }
});

describe('start and stop', () => {
  it('starts every stage, drains and stops with 0', async () => {
    const { supervisor, lines } = make({ gateway: { produce: 500 }, risk: { produce: 500 } });
    expect(await supervisor.start()).toBe(true);
    expect(supervisor.stages.map(({ name, state }) => [name, state])).toEqual([
      ['core', ThreadState.Running],
      ['gateway', ThreadState.Running],
      ['publisher', ThreadState.Running],
    ]);
    expect(await supervisor.stop('asked')).toBe(0);
    expect(supervisor.stages.map(({ state }) => state)).toEqual(new Array(3).fill(ThreadState.Closed));
    expect(lines.filter((line) => line.startsWith('supervisor'))).toEqual([
      'supervisor: running: core, gateway, publisher',
      'supervisor: stopping: asked',
      'supervisor: stopped, exit code 0',
    ]);
  });

  it('may be stopped while it starts; the phase does not go back', async () => {
    const { supervisor, lines } = make();
    const started = supervisor.start();
    expect(await supervisor.stop('too early')).toBe(0);
    expect(await started).toBe(false);
    expect(lines.some((line) => line.includes('running:'))).toBe(false);
  });

  it('keeps the lines that agents log while closing, however many', async () => {
    const { supervisor, logDirectory } = make({ publisher: { linesAtClose: 3000 } });
    await supervisor.start();
    expect(await supervisor.stop('asked')).toBe(0);
    const log = readFileSync(join(logDirectory, 'publisher.log'), 'utf8');
    expect(log).toContain('"last line 3000"');
    expect(log.match(/"last line /g)).toHaveLength(3000);
  });

  it('a ring that nobody drains is named, and the exit code is 1', async () => {
    const { supervisor, lines } = make({ gateway: { produce: 3 }, risk: { lazy: true } }, [
      '--supervisor.shutdown_timeout_ms=2000',
    ]);
    await supervisor.start();
    expect(await supervisor.stop('asked')).toBe(1);
    expect(lines).toContain('supervisor: rings did not drain: commands.gateway 48 bytes');
  });

  it('a failure to close is reported and gives exit code 1', async () => {
    const { supervisor, line } = make({ publisher: { close: 'throw' } });
    await supervisor.start();
    expect(await supervisor.stop('asked')).toBe(1);
    await line(/^publisher: closing publisher failed/);
    await line(/stage publisher failed while stopping/);
  });

  it.each(['hang', 'leave-handle'] as const)('a stage that does not end (%s) is ended', async (close) => {
    const { supervisor, line } = make({ publisher: { close } }, [
      NO_GATEWAY,
      '--supervisor.shutdown_timeout_ms=400',
    ]);
    await supervisor.start();
    expect(await supervisor.stop('asked')).toBe(1);
    await line(/stage publisher did not stop in time/);
  });
});

describe('a stage that fails to start', () => {
  it.each(['core', 'publisher'])('%s: the process stops with 1 and says why', async (stage) => {
    const agent = stage === 'core' ? 'matching' : 'publisher';
    const { supervisor, line } = make({ [agent]: { start: 'throw' } });
    expect(await supervisor.start()).toBe(false);
    expect(await supervisor.stopped).toBe(1);
    await line(new RegExp(`thread ${stage} failed: toy ${agent} cannot start`));
    await line(new RegExp(`stage ${stage}, last lines of ${agent}: INFO toy ${agent} starts`));
  });

  it('a start that never ends does not hold the shutdown', async () => {
    const { supervisor } = make({ publisher: { start: 'hang' } }, [
      NO_GATEWAY,
      '--supervisor.shutdown_timeout_ms=400',
    ]);
    const started = supervisor.start();
    expect(await supervisor.stop('asked')).toBe(1);
    expect(await started).toBe(false);
  });
});

describe('a restartable stage', () => {
  it.each(['throw', 'exit'])('that dies (%s) is reported by name and restarted', async (action) => {
    const { supervisor, line, count } = make({}, [drill('publisher', action)]);
    await supervisor.start();
    await line(/stage publisher died \(exit code 1\)/);
    await line(/stage publisher, last lines of publisher: INFO toy publisher starts/);
    await line(/restarting stage publisher/);
    await expect.poll(() => count(/^publisher: toy publisher starts/)).toBe(2);
    const telemetry = new TelemetryReader(supervisor.system.telemetry);
    expect(telemetry.value('supervisor', C.restarts_total)).toBe(1);
    expect(telemetry.value('publisher', C.errors_total)).toBe(action === 'throw' ? 1 : 0);
    expect(await supervisor.stop('asked')).toBe(0);
  });

  it('whose promise is rejected outside a cycle dies and is restarted', async () => {
    const { supervisor, line, count } = make({ gateway: { rejectsOnSignal: true } }, [
      '--supervisor.restart_limit=1',
    ]);
    await supervisor.start();
    Atomics.store(new Int32Array(supervisor.system.states['risk.controls']), 0, 1);
    await line(/thread gateway failed: toy gateway was rejected/);
    expect(await supervisor.stopped).toBe(1);
    expect(count(/^gateway: toy gateway starts/)).toBe(2);
    await line(/stage gateway died 2 times, allowed: 1 restarts/);
  });

  it('that stalls is reported and, after a while, restarted', async () => {
    const { supervisor, line, count } = make({}, [
      NO_GATEWAY,
      drill('publisher', 'stall'),
      '--supervisor.heartbeat_timeout_ms=300',
    ]);
    await supervisor.start();
    await line(/stage publisher stalled: no heartbeat for \d+ ms/);
    await expect.poll(() => count(/^publisher: toy publisher starts/), { timeout: 20_000 }).toBe(2);
    const telemetry = new TelemetryReader(supervisor.system.telemetry);
    expect(telemetry.value('supervisor', C.stalls_total)).toBe(1);
    expect(await supervisor.stop('asked')).toBe(0);
  });

  it('that stops working without ending its thread is ended and restarted', async () => {
    const { supervisor, line, count } = make({ publisher: { close: 'leave-handle' } }, [
      NO_GATEWAY,
      drill('publisher', 'throw'),
      '--supervisor.heartbeat_timeout_ms=100',
      '--supervisor.shutdown_timeout_ms=400',
    ]);
    await supervisor.start();
    await line(/stage publisher has stopped working, but its thread has not ended/);
    await expect.poll(() => count(/^publisher: toy publisher starts/)).toBe(2);
  });

  it('that cannot start again stops the process when its restarts are used up', async () => {
    const { supervisor, line } = make({ publisher: { start: 'throw', when: 'restarted' } }, [
      drill('publisher', 'exit'),
      '--supervisor.restart_limit=2',
    ]);
    await supervisor.start();
    expect(await supervisor.stopped).toBe(1);
    await line(/stage publisher died 3 times, allowed: 2 restarts/);
  });

  it('with no restarts allowed stops the process', async () => {
    const { supervisor, line } = make({}, [drill('publisher', 'exit'), '--supervisor.restart_limit=0']);
    await supervisor.start();
    expect(await supervisor.stopped).toBe(1);
    await line(/stage publisher died 1 times, allowed: 0 restarts/);
  });
});

describe('a stage that trading needs', () => {
  it.each([
    ['risk', 'throw'],
    ['matching', 'exit'],
  ])('%s lost by %s stops everything with 1', async (agent, action) => {
    const { supervisor, line } = make({ gateway: { produce: 10 } }, [drill(agent, action)]);
    await supervisor.start();
    expect(await supervisor.stopped).toBe(1);
    await line(/stage core died \(exit code 1\)/);
    await line(/stopping: stage core is lost, trading cannot go on/);
  });

  it('that stalls stops everything with 1', async () => {
    const { supervisor, line } = make({}, [
      NO_GATEWAY,
      drill('matching', 'stall'),
      '--supervisor.heartbeat_timeout_ms=300',
      '--supervisor.shutdown_timeout_ms=400',
    ]);
    await supervisor.start();
    expect(await supervisor.stopped).toBe(1);
    await line(/stopping: stage core is stalled and cannot be restarted/);
  });

  it('its death does not make the shutdown wait for rings that nobody is left to drain', async () => {
    const { supervisor, lines } = make({ gateway: { produce: 10 }, risk: { lazy: true } }, [
      drill('risk', 'exit', 100),
      '--supervisor.shutdown_timeout_ms=60000', // the test's own limit is 60 s: waiting for the rings would fail it
    ]);
    await supervisor.start();
    expect(await supervisor.stopped).toBe(1);
    expect(lines.some((line) => /rings did not drain: commands.gateway 160 bytes/.test(line))).toBe(true);
  });
});

it('state of every thread is on the board, with its kernel id', async () => {
  const { supervisor } = make();
  await supervisor.start();
  const board = new ThreadBoard(supervisor.system.board);
  const ids = supervisor.stages.map(({ index }) => board.tid(index));
  expect(new Set(ids).size).toBe(3);
  if (process.platform === 'linux') expect(ids.every((id) => id > 0)).toBe(true);
});
