import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { ThreadPlan } from '../../src/topology.js';
import { machineCores, place } from '../../src/workers/placement.js';

const LINUX = existsSync('/proc/thread-self');
const TASKSET = LINUX && hasProgram('taskset');
if (process.env.CI === 'true' && !TASKSET) {
  throw new Error('taskset or procfs is missing: under CI pinning must be tested (package util-linux)');
}

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const plan = (more: Partial<ThreadPlan>): ThreadPlan => ({
  name: 'test',
  agents: ['risk'],
  core: null,
  idle: 'park',
  priority: null,
  ...more,
});

/** Runs the placement on a thread of its own, which must not leave this test's thread pinned. */
async function placeThread(one: ThreadPlan): Promise<{ tid: number; warnings: string[]; cores: string }> {
  const module = new URL('../../src/workers/placement.js', import.meta.url).href;
  const code = `import { readFileSync } from 'node:fs';
    import { workerData, parentPort } from 'node:worker_threads';
    import { kernelThreadId, place } from ${JSON.stringify(module)};
    const tid = kernelThreadId();
    const warnings = place(workerData, tid);
    const status = readFileSync('/proc/self/task/' + tid + '/status', 'utf8');
    parentPort.postMessage({ tid, warnings, cores: /Cpus_allowed_list:\\s*(\\S+)/.exec(status)[1] });`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: one,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function ownCores(): string {
  return /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
}

describe.skipIf(!TASKSET)('on Linux', () => {
  it('a thread is pinned to its core, and only that thread', async () => {
    const before = ownCores();
    const core = Number(before.split(/[-,]/)[0]);
    const { tid, warnings, cores } = await placeThread(plan({ core }));
    expect(warnings).toEqual([]);
    expect(cores).toBe(String(core));
    expect(tid).toBeGreaterThan(0);
    expect(tid).not.toBe(process.pid);
    expect(ownCores()).toBe(before);
  });

  it('a thread without a plan for it stays where it is', async () => {
    const { warnings, cores } = await placeThread(plan({}));
    expect([warnings, cores]).toEqual([[], ownCores()]);
  });

  it('a core that the machine does not have is a warning that names thread and core', async () => {
    const { warnings, cores } = await placeThread(plan({ core: 4096 }));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^thread test: core 4096 not set: \S/);
    expect(warnings[0]).not.toContain('\n');
    expect(cores).toBe(ownCores());
  });

  it('a priority that does not exist is a warning, and the core is set all the same', async () => {
    const core = Number(ownCores().split(/[-,]/)[0]);
    const { warnings, cores } = await placeThread(plan({ core, priority: 1000 }));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^thread test: real-time priority 1000 not set: \S/);
    expect(cores).toBe(String(core));
  });

  it('counts the cores of the machine, not those it was started on', () => {
    const module = new URL('../../src/workers/placement.js', import.meta.url).href;
    const code = `console.log((await import(${JSON.stringify(module)})).machineCores())`;
    const core = ownCores().split(/[-,]/)[0];
    const args = ['-c', core, process.execPath, '--input-type=module', '-e', code];
    expect(Number(execFileSync('taskset', args).toString())).toBe(machineCores());
  });
});

it('without procfs every wish is a warning and nothing is thrown', () => {
  expect(place(plan({ core: 1, priority: 50 }), 0)).toEqual([
    'thread test: core 1 not set: this system has no /proc/thread-self',
    'thread test: real-time priority 50 not set: this system has no /proc/thread-self',
  ]);
  expect(place(plan({}), 0)).toEqual([]);
});
