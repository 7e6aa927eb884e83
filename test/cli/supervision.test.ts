/** The whole process with real stages, one of which fails on purpose: what users see, and how it ends. */
import { execFile } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { ENTRY, freePorts, isPortFree, MillraceProcess } from '../support/process.js';
import { temporaryDirectory } from '../support/temporary.js';

const started: MillraceProcess[] = [];

async function start(
  flags: readonly string[] = [],
  options: { ready?: boolean } = {},
): Promise<MillraceProcess> {
  const process = await MillraceProcess.start(flags, options);
  started.push(process);
  return process;
}

interface Drill {
  readonly agent: string;
  readonly action: string;
  readonly after_ms: number;
}
const drills = (...list: Drill[]): string => `--drills=${JSON.stringify(list)}`;

afterEach(async () => {
  for (const process of started.splice(0)) await process.stop('SIGKILL');
});

async function expectPortsFree({ ports }: MillraceProcess): Promise<void> {
  for (const [name, port] of Object.entries(ports))
    expect([name, await isPortFree(port)]).toEqual([name, true]);
}

describe('a restartable stage', () => {
  it('that fails is named with its last lines and restarted, again and again; the process goes on', async () => {
    const millrace = await start([
      '--log.level=debug', // so that every stage has last lines
      '--supervisor.heartbeat_timeout_ms=500',
      drills(
        { agent: 'publisher', action: 'throw', after_ms: 200 },
        { agent: 'gateway', action: 'throw', after_ms: 400 },
        { agent: 'publisher', action: 'exit', after_ms: 900 },
        { agent: 'gateway', action: 'exit', after_ms: 1300 },
        { agent: 'publisher', action: 'stall', after_ms: 1700 },
      ),
    ]);
    for (const stage of ['publisher', 'gateway']) {
      await millrace.waitForOutput(new RegExp(`thread ${stage} failed: fault drill`));
      await millrace.waitForOutput(
        new RegExp(`stage ${stage} died \\(exit code 1\\)(.|\n)*stage ${stage} died`),
      );
      await millrace.waitForOutput(new RegExp(`stage ${stage}, last lines of ${stage}: \\w+ \\w`));
    }
    await millrace.waitForOutput(/stage publisher stalled: no heartbeat/);
    await millrace.waitForOutput(/restarting stage publisher .*"restart":3/);
    await millrace.waitForOutput(/restarting stage gateway .*"restart":2/);
    await millrace.waitUntilReady();
    expect(await millrace.get<unknown[]>('/api/instruments')).toBeTruthy();
    expect(await millrace.stop()).toEqual({ code: 0, signal: null });
    await expectPortsFree(millrace);
  });
});

describe('a stage that trading needs', () => {
  it.each([
    ['risk', 'throw', /stage core died/],
    ['matching', 'exit', /stage core died/],
    ['matching', 'stall', /stage core is stalled and cannot be restarted/],
  ])('%s lost by %s ends the process with 1 and frees the ports', async (agent, action, said) => {
    const millrace = await start([
      '--supervisor.heartbeat_timeout_ms=500',
      drills({ agent, action, after_ms: 300 }),
    ]);
    expect(await millrace.exited()).toEqual({ code: 1, signal: null });
    expect(millrace.stderr).toMatch(said);
    await expectPortsFree(millrace);
  });

  it('a gateway that stalls cannot be ended alone: the process ends by signal, without a core dump', async () => {
    const millrace = await start([
      '--supervisor.heartbeat_timeout_ms=300',
      '--supervisor.shutdown_timeout_ms=1000',
      drills({ agent: 'gateway', action: 'stall', after_ms: 200 }),
    ]);
    expect(await millrace.exited()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(millrace.stderr).toMatch(/stage gateway stalled/);
    await expectPortsFree(millrace);
  });
});

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s stops in order with 0', async (signal) => {
    const millrace = await start();
    expect(await millrace.stop(signal)).toEqual({ code: 0, signal: null });
    expect(millrace.stderr).toMatch(new RegExp(`stopping: signal ${signal}`));
    expect(millrace.stderr).toMatch(/stopped, exit code 0\n$/);
    await expectPortsFree(millrace);
  });

  it('a second one ends at once', async () => {
    const millrace = await start();
    millrace.child.kill('SIGINT');
    millrace.child.kill('SIGTERM');
    const { code, signal } = await millrace.exited();
    expect(code).toBe(null);
    expect(['SIGINT', 'SIGTERM']).toContain(signal);
  });

  it('one that comes while it starts stops it as well', async () => {
    const millrace = await start([], { ready: false });
    await millrace.waitForOutput(/./); // the program is loaded and handles signals
    millrace.child.kill('SIGTERM');
    expect(await millrace.exited()).toEqual({ code: 0, signal: null });
    await expectPortsFree(millrace);
  });

  it('a process that was suspended goes on: time it did not run is no stall', async () => {
    const millrace = await start(['--supervisor.heartbeat_timeout_ms=300']);
    millrace.child.kill('SIGSTOP');
    await new Promise((done) => setTimeout(done, 1500));
    millrace.child.kill('SIGCONT');
    await new Promise((done) => setTimeout(done, 300));
    await millrace.waitUntilReady();
    expect(millrace.stderr).not.toMatch(/cannot be restarted|is lost/);
    expect(await millrace.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('the console', () => {
  it('names the port that the system chose', async () => {
    const millrace = await start(['--gateway.port=0'], { ready: false });
    await millrace.waitForOutput('/health');
    const url = /http:\/\/127\.0\.0\.1:[1-9]\d*\/health/.exec(millrace.stdout)?.[0] ?? '';
    expect((await fetch(url)).status).toBe(200);
  });

  it('that goes away does not stop trading', async () => {
    const millrace = await start([drills({ agent: 'publisher', action: 'exit', after_ms: 300 })], {
      ready: false,
    });
    // Gone before the greeting, the first status line and the report of the lost stage are written.
    millrace.child.stdout?.destroy();
    millrace.child.stderr?.destroy();
    await millrace.waitUntilReady();
    const restarts = async (): Promise<string> => (await fetch(`${millrace.url}/metrics`)).text();
    await expect.poll(restarts, { timeout: 20_000 }).toMatch(/restarts_total\S* 1\n/);
    expect(await millrace.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('faults of the caller', () => {
  /** A program that wrongly goes on is ended, so that none is left behind. */
  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [ENTRY, ...args], { timeout: 20_000 }, (_, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });

  it('a log folder that cannot be made is told without a stack', async () => {
    const { code, err } = await run('start', `--log.dir=${ENTRY}/logs`);
    expect(code).toBe(1);
    expect(err).toMatch(/^Configuration: 1 problem\n {2}log\.dir = .*\n {4}allowed: a folder/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('a port that is taken is named, and the process stops with 1', async () => {
    const first = await start();
    const ports = await freePorts(5);
    const names = ['trades', 'books', 'orders', 'positions', 'binary'];
    const logs = temporaryDirectory();
    const endpoints = names.map((name, i) => `--publisher.${name}=tcp://127.0.0.1:${ports[i]}`);
    const { code, err } = await run(
      'start',
      `--gateway.port=${first.ports.gateway}`,
      `--log.dir=${logs.path}`,
      ...endpoints,
    );
    logs.remove();
    expect(code).toBe(1);
    expect(err).toContain(String(first.ports.gateway));
    expect(err).toMatch(/stage gateway did not start/);
  });

  it.each([
    [['bogus'], /unknown command or argument 'bogus'/],
    [['start', '--gateway.prot=1'], /gateway\.prot/],
    [['config', 'bogus'], /unknown command 'bogus'/],
    [['config', 'check', '--gateway.port=x'], /gateway\.port = "x"/],
    [['config', 'check', '/nowhere/millrace.yaml'], /ENOENT/],
    [['start', '-c', '/nowhere/millrace.yaml'], /ENOENT/],
    [['replay'], /missing required argument 'files'/],
    [['replay', '/nowhere/capture.gz'], /nowhere/],
    [['replay', '--speed', 'fast', ENTRY], /--speed/],
  ])('%j', async (args, said) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(said);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('help and version', async () => {
    for (const flag of ['--help', '-h']) {
      const { code, out } = await run(flag);
      expect(code).toBe(0);
      for (const command of ['start', 'replay', 'config']) expect(out).toContain(command);
    }
    expect(await run('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect((await run('start', '--help')).out).toContain('--config');
  });

  it('config check prints the effective configuration and the verdict', async () => {
    const { code, out, err } = await run('config', 'check', '--gateway.port=1234');
    expect([code, err]).toEqual([0, expect.stringMatching(/gateway\.port: from flag .*\nOK: /s)]);
    expect(out).toContain('port: 1234');
  });
});
