/** `npm run bench -- [--only NAME] [--smoke] [--json FILE]`: every benchmark, or one. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { raiseInliningBudget } from '../src/lib/inlining.js';
import { conditions } from './support/conditions.js';

// As src/main.ts does: benchmarks run what users run.
raiseInliningBudget();

interface Result {
  readonly name: string;
  readonly text: string[];
  readonly figures: Record<string, number>;
}
type Run = (options: { smoke: boolean }) => Promise<Result>;

/** In the order of a run: what the machine decides first, then what is built on it. */
const BENCHES: Readonly<Record<string, () => Promise<{ run: Run }>>> = {
  ring: () => import('./ring.js'),
  codec: () => import('./codec.js'),
  book: () => import('./book.js'),
  mix: () => import('./mix.js'),
  shapes: () => import('./shapes.js'),
  peers: () => import('./peers.js'),
  feed: () => import('./feed.js'),
  pipeline: () => import('./pipeline.js'),
  shards: () => import('./shards.js'),
  latency: () => import('./latency.js'),
  gateway: () => import('./gateway.js'),
  publisher: () => import('./publisher.js'),
};

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, smoke: { type: 'boolean' }, json: { type: 'string' } },
});
const names = values.only ?? Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`--only is ${unknown.join(', ')}, allowed: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}

const before = conditions();
process.stdout.write(
  `${Object.entries(before)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\n`,
);
const results: Result[] = [];
for (const name of names) {
  process.stdout.write(`\n== ${name}\n`);
  const result = await (await BENCHES[name]()).run({ smoke: values.smoke === true });
  results.push(result);
  process.stdout.write(`${result.text.join('\n')}\n`);
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ conditions: before, results }, null, 2)}\n`);
}
