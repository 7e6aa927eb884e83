import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** What a figure must carry to be believed: the machine, the runtime, and how busy both were. */
export function conditions(): Record<string, string> {
  const processors = cpus();
  return {
    processor: `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    kernel: release(),
    governor: firstLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    'clock source': firstLine('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    node: `${process.version} ${[...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ')}`.trim(),
    commit: commit(),
    'load average': loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
    'steal ticks': stealTicks(),
  };
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().split('\n')[0];
  } catch {
    return 'not shown by this system';
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return 'not a git checkout';
  }
}

/** Time that the host took from this machine since boot; field 8 of the cpu line of /proc/stat. */
function stealTicks(): string {
  return firstLine('/proc/stat').split(/\s+/)[8] ?? 'unknown';
}
