import { loadConfig } from '../../src/config/load.js';
import type { Config } from '../../src/config/schema.js';
import type { LogRecordFields } from '../../src/messages/cold.js';
import { Supervisor } from '../../src/supervisor/supervisor.js';
import { temporaryDirectory } from './temporary.js';
import { TOYS_VARIABLE, type ToyBehaviours } from './toy-agents.js';

const ENTRY = new URL('./toy-thread.js', import.meta.url);

/** A real supervisor over real worker threads whose agents are toys. */
export interface ToySystem {
  readonly supervisor: Supervisor;
  /** Every log line so far, as `agent: message`. */
  readonly lines: string[];
  readonly logDirectory: string;
  /** Resolves when a line matches; the test's own time limit is the limit. */
  line(pattern: RegExp): Promise<string>;
  count(pattern: RegExp): number;
  remove(): void;
}

/** Small rings and no simulated market. */
export function toyConfig(flags: readonly string[] = []): Config {
  return loadConfig({
    env: {},
    flags: ['--simulation.enabled=false', '--rings.events=65536', '--rings.log=1048576', ...flags],
  }).config;
}

export function toySystem(behaviours: ToyBehaviours, flags: readonly string[] = []): ToySystem {
  const directory = temporaryDirectory();
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  const onLine = ({ agent, message }: LogRecordFields): void => {
    const line = `${agent}: ${message}`;
    lines.push(line);
    for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
  };
  process.env[TOYS_VARIABLE] = JSON.stringify(behaviours);
  const config = toyConfig([`--log.dir=${directory.path}`, ...flags]);
  const supervisor = new Supervisor(config, { onLine, entry: ENTRY });
  return {
    supervisor,
    lines,
    logDirectory: directory.path,
    line: (pattern) => {
      const found = lines.find((line) => pattern.test(line));
      return found === undefined
        ? new Promise((resolve) => waiting.push({ pattern, resolve }))
        : Promise.resolve(found);
    },
    count: (pattern) => lines.filter((line) => pattern.test(line)).length,
    remove: directory.remove,
  };
}
