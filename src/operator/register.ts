import { type Command, Option } from 'commander';
import type { ShowFlags } from '../audit/commands.js';
import type { ConnectionFlags } from './client.js';
import type { KillFlags, PhaseFlags, PlaceFlags } from './commands.js';
import type { DrillFlags } from './drill-command.js';

const OUTPUT = {
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

/** The commands that operators give to a running process, and those over its audit file. Each loads what it needs when it is given. */
export function registerOperatorCommands(program: Command, finish: (code: number) => void): void {
  registerRisk(program);
  registerKill(program);
  registerAudit(program, finish);
}

/** Options of every command that talks to a running process. */
function connected(command: Command): Command {
  return command
    .option('--url <url>', 'where the gateway is (default: as the configuration says)')
    .option('-c, --config <file>', 'configuration file that says it')
    .option('--operator <name>', 'who asks, for the audit record (default: the user of the system)')
    .option('--json', 'print one JSON object and nothing else');
}

function changing(command: Command): Command {
  return connected(command).option('--reason <text>', 'why, for the audit record');
}

function placed(command: Command): Command {
  return command
    .option('--account <id>', 'default: all')
    .option('--symbol <symbol>', 'default: all')
    .option('--currency <currency>', 'default: all');
}

function registerRisk(program: Command): void {
  connected(
    program.command('risk').description('kill switches, circuit breakers and accounts as they are now'),
  ).action(async (flags: ConnectionFlags) => (await import('./commands.js')).riskCommand(flags, OUTPUT));
  const limits = program.command('limits').description('limits of a running process');
  placed(connected(limits.command('get').description('the limits that hold now').argument('[key]'))).action(
    async (key: string | undefined, flags: PlaceFlags) =>
      (await import('./commands.js')).limitsGetCommand(key, flags, OUTPUT),
  );
  placed(
    changing(
      limits
        .command('set')
        .description('change a limit from the next order on')
        .argument('<key>')
        .argument('<value>', '"off": none'),
    ),
  ).action(async (key: string, value: string, flags: PlaceFlags) =>
    (await import('./commands.js')).limitsSetCommand(key, value, flags, OUTPUT),
  );
  changing(
    program
      .command('account')
      .description('change the state of an account: millrace account 3 state reducing_only')
      .argument('<id>')
      .argument('<what>', 'state')
      .argument('<state>', 'active, reducing_only, halted'),
  ).action(async (id: string, what: string, state: string, flags: ConnectionFlags, command: Command) => {
    if (what !== 'state') command.error(`error: '${what}' is no property of an account, allowed: state`);
    await (await import('./commands.js')).accountCommand(id, state, flags, OUTPUT);
  });
  const breaker = program.command('breaker').description('circuit breakers of a running process');
  changing(
    breaker
      .command('release')
      .description('let orders pass again')
      .argument('[symbol]', 'default: that of all together'),
  ).action(async (symbol: string | undefined, flags: ConnectionFlags) =>
    (await import('./commands.js')).breakerCommand(symbol, flags, OUTPUT),
  );
  changing(
    program
      .command('phase')
      .description('change the trading phase of an instrument')
      .argument('<symbol>')
      .argument(
        '<phase>',
        'pre-open, opening-auction, continuous, volatility-auction, halt, closing-auction, closed',
      )
      .option('--reference <price>', 'new reference price'),
  ).action(async (symbol: string, phase: string, flags: PhaseFlags) =>
    (await import('./commands.js')).phaseCommand(symbol, phase, flags, OUTPUT),
  );
}

function registerKill(program: Command): void {
  const kill = program.command('kill').description('kill switches of a running process');
  const scoped = (command: Command): Command =>
    changing(command)
      .option('--global', 'everything')
      .option('--account <id>', 'the orders of an account')
      .option('--symbol <symbol>', 'the orders in an instrument');
  scoped(kill.command('engage').description('stop new orders from the next one on'))
    .option('--cancel', 'cancel all orders in scope as well')
    .action(async (flags: KillFlags) => (await import('./commands.js')).killCommand(true, flags, OUTPUT));
  scoped(kill.command('release').description('let orders pass again')).action(async (flags: KillFlags) =>
    (await import('./commands.js')).killCommand(false, flags, OUTPUT),
  );
  connected(
    program
      .command('drill')
      .description(
        'rehearse the kill switch: rest orders, engage with cancel, measure until the last has left, release',
      ),
  )
    .option('--account <id>', 'whose orders (default: the account named drill)')
    .option('--symbol <symbol>', 'where they rest (default: the first instrument)')
    .option('--global', 'drill the switch that stops everything; needs --yes')
    .option('--yes', 'go on although orders are canceled that are not of the drill')
    .addOption(new Option('--self', 'start a system for it and drill that').conflicts('url'))
    .option('--orders <count>', 'orders that rest when it begins (default: 100, with --self 4000)')
    .option('--repeat <count>', 'how many times (default: 1)')
    .action(async (flags: DrillFlags) => (await import('./drill-command.js')).drillCommand(flags, OUTPUT));
}

function registerAudit(program: Command, finish: (code: number) => void): void {
  const audit = program.command('audit').description('audit files: who changed what, when and why');
  audit
    .command('verify')
    .description('check that no record was changed, added or taken out')
    .argument('<file>')
    .option('--json', 'print one JSON object and nothing else')
    .action(async (file: string, flags: ShowFlags) => {
      const { auditVerifyCommand } = await import('../audit/commands.js');
      finish(await auditVerifyCommand(file, flags, OUTPUT));
    });
  audit
    .command('show')
    .description('print the records')
    .argument('<file>')
    .option('--last <count>', 'only the last so many')
    .option('--json', 'one JSON object a line')
    .action(async (file: string, flags: ShowFlags) => {
      const { auditShowCommand } = await import('../audit/commands.js');
      finish(await auditShowCommand(file, flags, OUTPUT));
    });
}
