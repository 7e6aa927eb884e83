import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { ThreadPlan } from '../topology.js';

/**
 * Core and priority of the calling thread, without a native addon: the procfs link `thread-self` names the kernel's id of
 * the thread that reads it, and taskset and chrt (util-linux) accept such an id.
 */

/** Kernel id of the calling thread, or 0 where there is no procfs. */
export function kernelThreadId(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return 0;
  }
}

/**
 * Cores of this machine, for the thread layout. Those that the process was started on would be too few: `tuning/launch.sh` starts it on
 * the housekeeping cores, and threads then pin themselves to the others.
 */
export function machineCores(): number {
  return Math.max(cpus().length, availableParallelism());
}

/** Applies the plan to thread `tid`. Returns a warning for each thing that the system refused; never throws. */
export function place(plan: ThreadPlan, tid: number): string[] {
  const warnings: string[] = [];
  const apply = (what: string, program: string, ...args: string[]): void => {
    if (tid === 0) {
      warnings.push(`thread ${plan.name}: ${what} not set: this system has no /proc/thread-self`);
      return;
    }
    try {
      execFileSync(program, args, { stdio: 'pipe', timeout: 2000 });
    } catch (error) {
      warnings.push(`thread ${plan.name}: ${what} not set: ${firstLine(error)}`);
    }
  };
  if (plan.core !== null) apply(`core ${plan.core}`, 'taskset', '-cp', String(plan.core), String(tid));
  if (plan.priority !== null) {
    apply(`real-time priority ${plan.priority}`, 'chrt', '-f', '-p', String(plan.priority), String(tid));
  }
  return warnings;
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: Buffer; message: string };
  return (stderr?.toString() || message).trim().split('\n')[0];
}
