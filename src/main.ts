#!/usr/bin/env node
/** The command line. Each command loads only what it needs. */
import { createRequire } from 'node:module';
import { Command } from 'commander';
import type { MatchFlags } from './capture/match/match-command.js';
import type { ReplayFlags } from './capture/replay-command.js';
import { raiseInliningBudget } from './lib/inlining.js';
import { registerOperatorCommands } from './operator/register.js';

// Before any hot code is compiled; holds for the worker threads as well.
raiseInliningBudget();

/** Errors by the caller's fault (configuration, files, what a running process refuses): their messages say all. */
const MADE_FOR_PEOPLE = new Set(['ConfigError', 'OperatorError']);

const program = new Command('millrace')
  .description(
    'A worker-threaded, shared-memory HFT core: feeds, strategies, risk, matching and an order gateway over lock-free rings',
  )
  .version(
    (createRequire(import.meta.url)('../../package.json') as { version: string }).version,
    '-v, --version',
  )
  .enablePositionalOptions();

program
  .command('start', { isDefault: true })
  .description('run the system; without a configuration: a simulated market')
  .option('-c, --config <file>', 'configuration file (.yaml, .json, .toml, .ini)')
  .argument('[overrides...]', 'any key of the configuration as --section.key=value')
  .allowUnknownOption()
  .action(async (overrides: string[], { config: file }: { config?: string }) => {
    // `start` is what runs without a command, so a mistyped command arrives here as its first argument.
    const word = overrides.find((override) => !override.startsWith('-'));
    if (word !== undefined)
      program.error(`error: unknown command or argument '${word}' (see millrace --help)`);
    const { loadConfig } = await import('./config/load.js');
    const { config, warnings } = loadConfig({ file, env: process.env, flags: overrides });
    const { startCommand } = await import('./supervisor/start-command.js');
    finish(await startCommand(config, warnings));
  });

program
  .command('replay')
  .description('run captures through the feed and book agents on one thread and report the books')
  .argument('<files...>', 'captures in order; several are one stream; with --each also folders')
  .option('--json', 'print one JSON object and nothing else')
  .option('--speed <factor>', 'max, or a multiple of the recorded speed', 'max')
  .option('--each', 'every capture on its own, in parallel')
  .option('--jobs <count>', 'worker threads, implies --each (default: available cores)')
  .action(async (files: string[], flags: ReplayFlags) => {
    const { replayCommand } = await import('./capture/replay-command.js');
    finish(await replayCommand(files, flags));
  });

program
  .command('match')
  .description("run an exchange's market-by-order tape through the matching engine and compare the fills")
  .argument('<file>', 'Databento capture, schema mbo (.dbn or .dbn.zst)')
  .option('--json', 'print one JSON object and nothing else')
  .option('--limit <count>', 'differences to show', '20')
  .option('--tick <price>', "price step (default: the prices' greatest common divisor)")
  .option('--definition <file>', 'Databento capture, schema definition, that names the price step')
  .option('--instrument <number>', 'which instrument, where the capture holds several')
  .action(async (file: string, flags: MatchFlags) => {
    const { matchCommand } = await import('./capture/match/match-command.js');
    finish(await matchCommand(file, flags));
  });

const config = program.command('config').description('work with configuration files');
config
  .command('check')
  .description('validate, and print the effective configuration')
  .argument('[file]', 'configuration file; none: defaults and overrides')
  .argument('[overrides...]', 'any key as --section.key=value')
  .allowUnknownOption()
  .action(async (file: string | undefined, overrides: string[]) => {
    const { configCheckCommand } = await import('./config/check-command.js');
    const isFlag = file?.startsWith('--') === true;
    const flags = isFlag ? [file, ...overrides] : overrides;
    finish(configCheckCommand(isFlag ? undefined : file, process.env, flags));
  });

registerOperatorCommands(program, finish);

/** Ends by itself: all threads have closed, and a forced exit could cut off what is still being written. */
function finish(code: number): void {
  process.exitCode = code;
}

try {
  await program.parseAsync();
} catch (error) {
  // Anything but a fault of the caller needs its stack.
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${MADE_FOR_PEOPLE.has(name) ? message : (stack ?? message)}\n`);
  process.exitCode = 1;
}
