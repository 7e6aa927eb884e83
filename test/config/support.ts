import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type Problem } from '../../src/config/errors.js';
import { type ConfigInput, type LoadedConfig, loadConfig } from '../../src/config/load.js';

/** A temporary directory with one configuration file, for the time of `use`. */
export function withFile<T>(name: string, content: string, use: (file: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-config-'));
  try {
    const file = join(directory, name);
    writeFileSync(file, content);
    return use(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function load(input: Partial<ConfigInput> = {}): LoadedConfig {
  return loadConfig({ env: {}, flags: [], ...input });
}

export function loadText(name: string, content: string, input: Partial<ConfigInput> = {}): LoadedConfig {
  return withFile(name, content, (file) => load({ ...input, file }));
}

/** The problems that loading reports; fails when there are none. */
export function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('a ConfigError was expected, the configuration was accepted');
}

/** The problems of a YAML text. */
export function yamlProblems(content: string, input: Partial<ConfigInput> = {}): readonly Problem[] {
  return problemsOf(() => loadText('test.yaml', content, input));
}
