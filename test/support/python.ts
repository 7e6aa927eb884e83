import { spawnSync } from 'node:child_process';

/**
 * A Python interpreter that can import all of `modules`, or undefined. `MILLRACE_PYTHON` names the first candidate; the
 * system's own comes last, because the first on the path may be another that lacks Debian's packages.
 */
export function pythonWith(...modules: readonly string[]): string | undefined {
  return [process.env.MILLRACE_PYTHON ?? 'python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0,
  );
}

/** On CI a missing component is a failure, elsewhere a skip. */
export const ON_CI = process.env.CI === 'true';
