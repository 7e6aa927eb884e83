import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { kernelThreadId } from '../../src/workers/placement.js';

/** Cores that this process may use, in order; empty where there is no procfs. */
export function allowedCores(): number[] {
  let list: string | undefined;
  try {
    list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {
    return [];
  }
  return (list ?? '').split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

/** Keeps the calling thread on one core. False where the system has no procfs or no taskset, or refuses. */
export function pinThisThread(core: number): boolean {
  const tid = kernelThreadId();
  if (tid === 0) return false;
  try {
    execFileSync('taskset', ['-cp', String(core), String(tid)], { stdio: 'ignore', timeout: 2000 });
    return true;
  } catch {
    return false;
  }
}
