import type { Sample } from './sampler.js';

/** A repaint of the table, ms; and a line without a terminal, ms. */
export const TABLE_MS = 500;
export const LINE_MS = 5000;

export interface StatusHeader {
  readonly version: string;
  readonly profile: string;
  readonly seed: number;
  readonly url: string;
}

/** A terminal's size in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The status as a table, one string per line, for a terminal of that size. Where not everything fits, ring occupancy goes first, then
 * the hops, then the markets; notes (warnings, errors) stay. Pure.
 */
export function renderTable(
  header: StatusHeader,
  sample: Sample,
  notes: readonly string[],
  { columns, rows }: ScreenSize,
): string[] {
  const [head, markets, rates, hops, rings] = sectionsOf(header, sample);
  const arrangements = [
    [head, markets, rates, hops, rings, notes],
    [head, markets, rates, hops, notes],
    [head, markets, rates, notes],
    [head, rates, notes],
  ];
  const room = Math.max(1, rows - 1);
  for (const sections of arrangements) {
    for (const gap of [[''], []]) {
      const lines = sections.flatMap((section) => (section.length > 0 ? [...section, ...gap] : []));
      if (lines.length <= room) return lines.map((line) => line.slice(0, columns));
    }
  }
  const kept = Math.max(0, room - head.length - rates.length);
  const least = [...head, ...rates, ...(kept > 0 ? notes.slice(-kept) : [])];
  return least.slice(0, room).map((line) => line.slice(0, columns));
}

function sectionsOf({ version, profile, seed, url }: StatusHeader, sample: Sample): string[][] {
  const { markets, hops, rings } = sample;
  return [
    [`Millrace ${version}  profile ${profile}  seed ${seed}  up ${clock(sample.uptimeSeconds)}  ${url}`],
    [
      row(['market', 'bid', 'quantity', 'ask', 'quantity', 'spread bp']),
      ...markets.map((top) => {
        const spread = top.state || top.spreadBasisPoints.toFixed(2);
        return row([top.symbol, top.bid, top.bidQuantity, top.ask, top.askQuantity, spread]);
      }),
    ],
    [
      `orders/s ${count(sample.orders)}  trades/s ${count(sample.trades)}  rejects/s ${count(sample.rejects)}  http/s ${count(sample.requests)}`,
      `resting ${count(sample.restingOrders)}  sequence ${sample.sequence}`,
    ],
    [
      row(['hop (µs)', 'p50', 'p99', 'per second']),
      ...hops.map((hop) => row([hop.name, micros(hop.p50), micros(hop.p99), count(hop.perSecond)])),
    ],
    [
      row(['ring', 'waiting', 'of', '']),
      ...rings.map((ring) =>
        row([ring.name, bytes(ring.backlog), bytes(ring.capacity), bar(ring.backlog / ring.capacity)]),
      ),
    ],
  ];
}

/** The status as one line. Pure. */
export function renderLine(sample: Sample): string {
  const tops = sample.markets.map((top) => `${top.symbol} ${top.bid}/${top.ask}`).join('  ');
  const order = sample.hops.find((hop) => hop.name === 'edge_to_risk');
  const matching = sample.hops.find((hop) => hop.name === 'risk_to_matching');
  const hops = [order, matching].flatMap((hop) =>
    hop ? [`${hop.name} p50 ${micros(hop.p50)} p99 ${micros(hop.p99)} µs`] : [],
  );
  return [
    clock(sample.uptimeSeconds),
    `orders/s ${count(sample.orders)}`,
    `trades/s ${count(sample.trades)}`,
    `rejects/s ${count(sample.rejects)}`,
    `resting ${count(sample.restingOrders)}`,
    tops,
    ...hops,
  ].join('  ');
}

/** Where text goes; a terminal's has a size. */
export interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Repaints a table in place on a terminal. */
export class TablePainter {
  readonly #out: TerminalOutput;
  #painted = 0;

  constructor(out: TerminalOutput) {
    this.#out = out;
  }

  /** What the terminal says, or the usual 80 by 24 where it does not know. */
  get size(): ScreenSize {
    return { columns: this.#out.columns || 80, rows: this.#out.rows || 24 };
  }

  /** Lines beyond the screen cannot be overwritten by moving up, so there must be fewer than it has rows. */
  paint(lines: readonly string[]): void {
    const up = this.#painted > 0 ? `\x1b[${this.#painted}A` : '';
    this.#out.write(`${up}${lines.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[0J`);
    this.#painted = lines.length;
  }
}

/** Column widths: together below 80. */
const WIDTHS = [20, 12, 12, 12, 12, 10];

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[i]))).join('');
}

function count(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (value >= 1e5) return `${(value / 1e3).toFixed(0)} k`;
  return value.toFixed(value < 10 && value % 1 !== 0 ? 1 : 0);
}

function micros(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(nanoseconds < 10_000 ? 2 : 0);
}

function bytes(value: number): string {
  if (value >= 1 << 20) return `${(value / (1 << 20)).toFixed(1)} MiB`;
  return value >= 1 << 10 ? `${(value / (1 << 10)).toFixed(1)} KiB` : `${value} B`;
}

function bar(fraction: number): string {
  return '#'.repeat(Math.round(fraction * 10)).padEnd(10, '.');
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
