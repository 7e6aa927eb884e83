import { createRequire } from 'node:module';
import { LOCAL_VENUE } from '../config/names.js';
import type { Config, InstrumentConfig } from '../config/schema.js';
import { TelemetryReader } from '../telemetry/board.js';
import { counterIds } from '../telemetry/registry.js';
import type { System } from '../workers/system.js';
import { Screen } from './screen.js';
import { endBySignal, Supervisor } from './supervisor.js';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** `millrace start`: runs until a signal or a failure; resolves with the exit code. Throws ConfigError. */
export async function startCommand(config: Config, warnings: readonly string[]): Promise<number> {
  const header = { version, profile: config.profile, seed: config.seed, url: '' };
  const screen = new Screen(config.log.console, header, process.stdout, process.stderr);
  for (const warning of warnings) screen.note('WARN', warning);
  const supervisor = new Supervisor(config, { onLine: (record) => screen.onLine(record) });
  handleSignals(supervisor);
  handleFailures(supervisor);
  if (await supervisor.start()) {
    if (config.gateway.enabled) header.url = gatewayUrl(supervisor.system);
    screen.print(greeting(config, header.url));
    screen.show(supervisor.system);
  }
  const code = await supervisor.stopped;
  screen.close();
  return code;
}

/** A command that trades. Without a client_order_id, so that it can be given again and again. */
function orderCommand(url: string, { symbol, min_quantity: quantity }: InstrumentConfig): string {
  const body = { symbol, side: 'BUY', quantity, order_type: 'MARKET', time_in_force: 'IOC' };
  return `curl -s -X POST ${url}/api/order -d '${JSON.stringify(body)}'`;
}

/** First signal: orderly. Second: at once. */
function handleSignals(supervisor: Supervisor): void {
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) endBySignal(signal);
      asked = true;
      void supervisor.stop(`signal ${signal}`);
    });
  }
}

/**
 * A console that goes away (`millrace start | head -1`) costs the display, not the trading. A defect of the main thread ends in
 * an orderly stop: letting it end the process would tear down the gateway's thread, and uWebSockets.js would abort.
 */
function handleFailures(supervisor: Supervisor): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {});
  }
  const onDefect = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    void supervisor.stop(`defect in the supervisor: ${text}`, 1);
  };
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);
}

/** With the port that the gateway has, which the configuration may have left to the system. */
function gatewayUrl({ config, telemetry }: System): string {
  const { host } = config.gateway;
  const port = new TelemetryReader(telemetry).value('gateway', counterIds('gateway').port);
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function greeting(config: Config, url: string): string[] {
  const lines = [
    `Millrace ${version}: ${config.instruments.map(({ symbol }) => symbol).join(', ')} (seed ${config.seed})`,
  ];
  if (config.gateway.enabled) {
    lines.push(
      `  REST       ${url}/health  ${url}/openapi.json  ${url}/metrics`,
      `  WebSocket  ${url.replace('http', 'ws')}/ws`,
    );
    const traded = config.instruments.find(({ venue }) => venue === LOCAL_VENUE);
    if (traded !== undefined) lines.push(`  try        ${orderCommand(url, traded)}`);
  }
  if (config.publisher.enabled) {
    const { trades, books, orders, positions, binary } = config.publisher;
    lines.push(
      `  ZeroMQ     trades ${trades}  books ${books}  orders ${orders}  positions ${positions}  binary ${binary}`,
    );
    if ([trades, books, orders, positions, binary].some((endpoint) => endpoint.endsWith(':0'))) {
      lines.push(`             the system chose the ports 0: ${config.log.dir}/publisher.log names them`);
    }
  }
  return lines;
}
