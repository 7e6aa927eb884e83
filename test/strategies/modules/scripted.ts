import type {
  BookView,
  FillView,
  Market,
  ReportView,
  StatusView,
  Strategy,
} from '../../../src/strategies/strategy.js';

/** What a test makes of a {@link Scripted} strategy, by the strategy's name. */
export interface Script {
  readonly calls: string[];
  market: Market | undefined;
  onStart?: (market: Market, now: number) => void;
  onBook?: (book: BookView, now: number) => void;
  onTimer?: (now: number) => void;
  onFill?: (fill: FillView) => void;
  onReport?: (report: ReportView) => void;
  onStatus?: (status: StatusView, changed: boolean) => void;
  onStop?: () => void;
}

const scripts = new Map<string, Script>();

/** A fresh script for the strategy of this name; test and agent share this module. */
export function script(name: string, hooks: Omit<Script, 'calls' | 'market'> = {}): Script {
  const one: Script = { calls: [], market: undefined, ...hooks };
  scripts.set(name, one);
  return one;
}

/** Notes every call and does what its script says. */
class Scripted implements Strategy {
  readonly #script: Script;

  constructor(name: string) {
    this.#script = scripts.get(name) ?? script(name);
  }

  onStart(market: Market, now: number): void {
    this.#script.market = market;
    this.#script.calls.push('start');
    this.#script.onStart?.(market, now);
  }

  onBook(book: BookView, now: number): void {
    this.#script.calls.push(book.synced ? 'book' : 'unsynced book');
    this.#script.onBook?.(book, now);
  }

  onPhase(status: StatusView): void {
    this.#script.calls.push('phase');
    this.#script.onStatus?.({ ...status }, true);
  }

  onIndicativePrice(status: StatusView): void {
    this.#script.calls.push('indicative price');
    this.#script.onStatus?.({ ...status }, false);
  }

  onTrade(): void {
    this.#script.calls.push('trade');
  }

  onFill(fill: FillView): void {
    this.#script.calls.push('fill');
    this.#script.onFill?.({ ...fill });
  }

  onExecutionReport(report: ReportView): void {
    this.#script.calls.push('report');
    this.#script.onReport?.({ ...report });
  }

  onTimer(now: number): void {
    this.#script.calls.push('timer');
    this.#script.onTimer?.(now);
  }

  onStop(): void {
    this.#script.calls.push('stop');
    this.#script.onStop?.();
  }
}

export function create(_parameters: unknown, name: string): Strategy {
  return new Scripted(name);
}
