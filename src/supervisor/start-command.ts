import { createRequire } from 'node:module';
import type { Config } from '../config/schema.js';
import { LOG_LEVEL_NAMES, LogLevel } from '../lib/enums.js';
import type { LogRecordFields } from '../messages/cold.js';
import { StatusSampler } from './sampler.js';
import { LINE_MS, renderLine, renderTable, TABLE_MS, TablePainter } from './status.js';
import { endBySignal, Supervisor } from './supervisor.js';

/** Warnings and errors kept under the table. */
const NOTES = 6;

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** `millrace start`: runs until a signal or a failure; resolves with the exit code. */
export async function startCommand(config: Config, warnings: readonly string[]): Promise<number> {
  const screen = new Screen(config);
  for (const warning of warnings) screen.note('WARN', warning);
  const supervisor = new Supervisor(config, { onLine: (record) => screen.onLine(record) });
  handleSignals(supervisor);
  if (await supervisor.start()) {
    for (const line of greeting(config)) process.stdout.write(`${line}\n`);
    screen.show(supervisor);
  }
  const code = await supervisor.stopped;
  screen.close();
  return code;
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

function gatewayUrl(config: Config): string {
  const { host, port } = config.gateway;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function greeting(config: Config): string[] {
  const lines = [
    `Millrace ${version}: ${config.instruments.map(({ symbol }) => symbol).join(', ')} (seed ${config.seed})`,
  ];
  if (config.gateway.enabled) {
    const url = gatewayUrl(config);
    const { symbol, reference_price: price, min_quantity: quantity } = config.instruments[0];
    const body = {
      client_order_id: 'my-1',
      symbol,
      side: 'BUY',
      quantity,
      order_type: 'MARKET',
      time_in_force: 'IOC',
    };
    lines.push(
      `  REST       ${url}/health  ${url}/openapi.json  ${url}/metrics`,
      `  WebSocket  ${url.replace('http', 'ws')}/ws`,
      `  try        curl -s -X POST ${url}/api/order -d '${JSON.stringify(body)}'   (about ${price})`,
    );
  }
  if (config.publisher.enabled) {
    const { trades, books, orders, positions, binary } = config.publisher;
    lines.push(
      `  ZeroMQ     trades ${trades}  books ${books}  orders ${orders}  positions ${positions}  binary ${binary}`,
    );
  }
  return lines;
}

/** What people see: a table on a terminal, else a line every few seconds; warnings and errors either way. */
class Screen {
  readonly #config: Config;
  readonly #painter: TablePainter | undefined;
  readonly #notes: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(config: Config) {
    this.#config = config;
    this.#painter = config.log.console && process.stdout.isTTY ? new TablePainter(process.stdout) : undefined;
  }

  onLine(record: LogRecordFields): void {
    const lifecycle = record.agent === 'supervisor' && record.level >= LogLevel.Info;
    if (record.level < LogLevel.Warn && !lifecycle) return;
    const fields = record.fields === '' ? '' : ` ${record.fields.replaceAll('\\n', ' ').slice(0, 300)}`;
    this.note(LOG_LEVEL_NAMES[record.level] ?? '', `${record.agent}: ${record.message}${fields}`);
  }

  note(level: string, text: string): void {
    const line = `${level.padEnd(5)} ${text}`;
    this.#notes.push(line);
    if (this.#notes.length > NOTES) this.#notes.shift();
    // Under a table the notes are part of it; a failure must be readable after the table is gone as well.
    if (this.#painter === undefined || this.#timer === undefined) process.stderr.write(`${line}\n`);
  }

  show(supervisor: Supervisor): void {
    const { profile, seed } = this.#config;
    if (!this.#config.log.console) return;
    const sampler = new StatusSampler(supervisor.system);
    const header = {
      version,
      profile,
      seed,
      url: this.#config.gateway.enabled ? gatewayUrl(this.#config) : '',
    };
    const painter = this.#painter;
    const look = (): void => {
      const sample = sampler.sample();
      if (painter === undefined) process.stdout.write(`${renderLine(sample)}\n`);
      else painter.paint(renderTable(header, sample, this.#notes, painter.columns));
    };
    this.#timer = setInterval(look, painter === undefined ? LINE_MS : TABLE_MS);
    look();
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#painter !== undefined && this.#timer !== undefined) {
      for (const line of this.#notes) process.stderr.write(`${line}\n`);
    }
  }
}
