import { stringify } from 'yaml';
import { ConfigError } from './errors.js';
import { loadConfig } from './load.js';
import { redact } from './redact.js';

/** Where a command prints to. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const STANDARD_OUTPUT: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

/**
 * `millrace config check FILE`: the effective configuration as YAML on standard output, warnings and the verdict
 * on standard error, so that the output is a configuration file again. Returns the exit code: 0 valid, 1 not.
 */
export function configCheckCommand(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
  flags: readonly string[],
  output: Output = STANDARD_OUTPUT,
): number {
  try {
    const { config, source, warnings } = loadConfig({ file, env, flags });
    output.out(stringify(redact(config), { aliasDuplicateObjects: false }));
    for (const [key, from] of Object.entries(source)) {
      if (/^(environment|flag) /.test(from)) output.err(`${key}: from ${from}\n`);
    }
    for (const warning of warnings) output.err(`warning: ${warning}\n`);
    output.err('OK: the configuration is valid\n');
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    output.err(`${error.message}\n`);
    return 1;
  }
}
