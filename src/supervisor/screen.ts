import { LOG_LEVEL_NAMES, LogLevel } from '../lib/enums.js';
import type { LogRecordFields } from '../messages/cold.js';
import type { System } from '../workers/system.js';
import { StatusSampler } from './sampler.js';
import {
  LINE_MS,
  renderLine,
  renderTable,
  type StatusHeader,
  TABLE_MS,
  TablePainter,
  type TerminalOutput,
} from './status.js';

/** Warnings and errors kept under the table. */
const NOTES = 6;

/** What people see: a table on a terminal, else a line every few seconds; warnings and errors either way. */
export class Screen {
  readonly #showsStatus: boolean;
  readonly #header: StatusHeader;
  readonly #out: TerminalOutput;
  readonly #err: TerminalOutput;
  readonly #painter: TablePainter | undefined;
  readonly #notes: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(showsStatus: boolean, header: StatusHeader, out: TerminalOutput, err: TerminalOutput) {
    this.#showsStatus = showsStatus;
    this.#header = header;
    this.#out = out;
    this.#err = err;
    this.#painter = showsStatus && out.isTTY === true ? new TablePainter(out) : undefined;
  }

  print(lines: readonly string[]): void {
    for (const line of lines) this.#out.write(`${line}\n`);
  }

  /** A log line: shown from WARN on, and from INFO on when the supervisor says it. */
  onLine(record: LogRecordFields): void {
    const isLifecycle = record.agent === 'supervisor' && record.level >= LogLevel.Info;
    if (record.level < LogLevel.Warn && !isLifecycle) return;
    const fields = record.fields === '' ? '' : ` ${record.fields.replaceAll('\\n', ' ').slice(0, 300)}`;
    // After a FATAL line the process may end without coming back to `close`.
    if (record.level >= LogLevel.Fatal) this.close();
    this.note(LOG_LEVEL_NAMES[record.level] ?? '', `${record.agent}: ${record.message}${fields}`);
  }

  note(level: string, text: string): void {
    const line = `${level.padEnd(5)} ${text}`;
    if (this.#isPainting) {
      this.#notes.push(line);
      if (this.#notes.length > NOTES) this.#notes.shift();
    } else this.#err.write(`${line}\n`);
  }

  /** Shows the status from now on. */
  show(system: System): void {
    if (!this.#showsStatus) return;
    const sampler = new StatusSampler(system);
    const painter = this.#painter;
    const look = (): void => {
      const sample = sampler.sample();
      if (painter === undefined) this.#out.write(`${renderLine(sample)}\n`);
      else painter.paint(renderTable(this.#header, sample, this.#notes, painter.size));
    };
    this.#timer = setInterval(look, painter === undefined ? LINE_MS : TABLE_MS);
    look();
  }

  /** Ends the status. Notes that stood under the table are printed, to be read after it is gone. */
  close(): void {
    if (this.#isPainting) for (const line of this.#notes) this.#err.write(`${line}\n`);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  get #isPainting(): boolean {
    return this.#painter !== undefined && this.#timer !== undefined;
  }
}
