/** Style is a test: who may import whom, how long files and functions are, and words that must not stay. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const MAXIMUM_LINES = 350;
const MAXIMUM_FUNCTION_LINES = 70;

/** Folders of src in the table of ARCHITECTURE.md: what each may import of ours (itself always). */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  book: ['lib'],
  risk: ['lib'],
  ring: ['lib'],
  messages: ['lib'],
  telemetry: ['lib', 'ring', 'messages'],
  agent: ['lib', 'ring', 'telemetry'],
  venues: ['lib', 'book'],
  capture: [
    'lib',
    'book',
    'venues',
    'messages',
    'ring',
    'agent',
    'workers',
    'telemetry',
    'topology.ts',
    'config',
  ],
  strategies: ['lib', 'book'],
  config: ['lib'],
  audit: ['lib'],
  workers: [
    ...[
      'lib',
      'book',
      'risk',
      'ring',
      'messages',
      'telemetry',
      'agent',
      'venues',
      'strategies',
      'config',
      'capture',
      'audit',
    ],
    'topology.ts',
  ],
  'topology.ts': ['lib', 'agent', 'config', 'ring', 'telemetry'],
  supervisor: ['lib', 'ring', 'messages', 'telemetry', 'agent', 'config', 'workers', 'topology.ts'],
  operator: ['lib', 'config', 'audit'],
  'main.ts': ['lib', 'config', 'supervisor', 'capture', 'audit', 'operator'],
};

/** Packages that only some files may import. */
const GUARDED: readonly [RegExp, RegExp][] = [
  [/^zeromq$/, /^src\/workers\/publisher/],
  [/^uWebSockets\.js$/, /^src\/workers\/gateway/],
  [/^(zod|yaml|smol-toml|ini)$/, /^src\/config\//],
  [/^ws$/, /^src\/workers\/feed\//],
  [/^pino$/, /^src\/supervisor\//],
  [/^flatbuffers$/, /^src\/messages\//],
  [/^(piscina|fzstd)$/, /^src\/capture\//],
];

function sources(pattern: RegExp): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  return listed
    .toString()
    .split('\n')
    .filter((file) => pattern.test(file) && existsSync(join(root, file)));
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const isGenerated = (file: string): boolean => /^\/\/ (automatically )?generated/i.test(read(file));

function importsOf(file: string): { name: string; typeOnly: boolean }[] {
  const found = read(file).matchAll(
    /(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|import\('([^']+)'\)|import '([^']+)'/g,
  );
  return [...found].map((match) => ({
    name: match[2] ?? match[3] ?? match[4],
    typeOnly: match[1] !== undefined,
  }));
}

/** `src/book/x.ts` → `book`; `src/topology.ts` → `topology.ts`. */
const placeOf = (file: string): string => file.split('/')[1];

describe.skipIf(!existsSync(join(root, '.git')))('house rules', () => {
  const own = sources(/^src\/.*\.ts$/);

  it('imports follow the table in ARCHITECTURE.md', () => {
    const offences = own.flatMap((file) =>
      importsOf(file)
        .filter(({ name }) => name.startsWith('.'))
        .map(({ name }) => relative(root, resolve(root, dirname(file), name)).replace(/\.js$/, '.ts'))
        .filter((target) => target.startsWith('src/'))
        .filter(
          (target) => placeOf(target) !== placeOf(file) && !ALLOWED[placeOf(file)]?.includes(placeOf(target)),
        )
        .map((target) => `${file} imports ${target}`),
    );
    expect(offences).toEqual([]);
  });

  it('every folder of src is in the table', () => {
    expect([...new Set(own.map(placeOf))].filter((place) => !(place in ALLOWED))).toEqual([]);
  });

  it('native and edge packages stay in their places', () => {
    const offences = own.flatMap((file) =>
      importsOf(file).flatMap(({ name }) =>
        GUARDED.filter(([guarded, place]) => guarded.test(name) && !place.test(file)).map(
          () => `${file} imports ${name}`,
        ),
      ),
    );
    expect(offences).toEqual([]);
  });

  it(`files have at most ${MAXIMUM_LINES} lines`, () => {
    const long = sources(/^(src|test|bench|scripts|examples)\/.*\.ts$/)
      .filter((file) => !isGenerated(file))
      .map((file) => `${file} ${read(file).split('\n').length - 1}`)
      .filter((line) => Number(line.split(' ')[1]) > MAXIMUM_LINES);
    expect(long).toEqual([]);
  });

  it(`functions and methods of src have at most ${MAXIMUM_FUNCTION_LINES} lines`, () => {
    expect(own.filter((file) => !isGenerated(file)).flatMap(longFunctions)).toEqual([]);
  });

  it('no unfinished work, switched-off types, clocks or randomness where they must not be', () => {
    const rules: readonly [RegExp, RegExp][] = [
      [/^(src|test|bench|scripts|examples|tuning|schemas)\//, /\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/],
      [/^(src|bench)\/.*\.ts$/, /\bas any\b|@ts-(ignore|expect-error|nocheck)/],
      [/^test\/.*\.ts$/, /\.(only|todo)\(/],
      [/^src\/(book|risk|venues|strategies)\//, /Math\.random|Date\.now|performance\.now|\bBigInt64Array\b/],
    ];
    const offences = sources(/\.(ts|fbs|sh|py|md)$/).flatMap((file) =>
      isGenerated(file)
        ? []
        : rules
            .filter(([place, banned]) => place.test(file) && banned.test(read(file)))
            .map(([, banned]) => `${file}: ${banned}`),
    );
    expect(offences).toEqual([]);
  });

  it('the lock file names no registry host', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":\s*"http/);
  });

  it('the lock file holds the optional packages of every platform: newer npm refuses to install without', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${parent}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});

/** Functions found by their indentation, which the formatter guarantees: from an opening line to its closing brace. */
function longFunctions(file: string): string[] {
  const lines = read(file).split('\n');
  const offences: string[] = [];
  lines.forEach((line, start) => {
    const opening =
      /^(\s*)(?:export )?(?:default )?(?:static )?(?:async )?(?:function\b.*|(?:get |set )?#?\w+\(.*\).*)\{$/.exec(
        line,
      );
    if (opening === null || /^\s*(if|for|while|switch|catch|describe|it|return)\b/.test(line)) return;
    const end = lines.findIndex((other, i) => i > start && other === `${opening[1]}}`);
    if (end - start + 1 > MAXIMUM_FUNCTION_LINES)
      offences.push(`${file}:${start + 1} ${end - start + 1} lines`);
  });
  return offences;
}
