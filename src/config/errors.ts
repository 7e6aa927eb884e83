/** One thing wrong with the configuration. */
export interface Problem {
  /** Dotted key (`gateway.port`, `instruments[0].symbol`), variable, flag, or `(file)`. */
  readonly key: string;
  /** What was given; undefined when nothing was. Secrets are already replaced. */
  readonly value: unknown;
  /** What would be right. */
  readonly allowed: string;
  /** File, `environment NAME`, `flag --key`, or `default`. */
  readonly source: string;
}

export type Path = readonly (string | number)[];

/** `['instruments', 0, 'symbol']` becomes `instruments[0].symbol`. */
export function keyText(path: Path): string {
  let text = '';
  for (const step of path) {
    text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  }
  return text === '' ? '(whole configuration)' : text;
}

const MAX_VALUE_LENGTH = 120;

function valueText(value: unknown): string {
  if (value === undefined) return '(missing)';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH)}...`;
}

/** Every problem of a configuration at once; `message` lists them for people, two lines each. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.map(
      (one) => `  ${one.key} = ${valueText(one.value)}  (${one.source})\n    allowed: ${one.allowed}`,
    );
    super(`Configuration: ${count}\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
