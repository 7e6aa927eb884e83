import { describe, expect, test } from 'vitest';
import { load, loadText, problemsOf, withFile, yamlProblems } from './support.js';

describe('files', () => {
  test.each([
    ['a.yaml', 'a: [', 'valid YAML'],
    ['a.yaml', 'seed: 1\nseed: 2', 'valid YAML'],
    ['a.yaml', 'seed: !strange 1', 'valid YAML'],
    ['a.yaml', '- 1', 'a group of keys'],
    ['a.yaml', 'text', 'a group of keys'],
    ['a.json', '{"seed": 1,}', 'valid JSON'],
    ['a.json', '{"seed": 1, "seed": 2}', 'valid JSON'],
    ['a.json', '', 'valid JSON'],
    ['a.toml', 'seed = ', 'valid TOML'],
    ['a.toml', 'seed = 1\nseed = 2', 'valid TOML'],
    ['a.ini', 'seed = 1\nseed = 2', 'valid INI'],
    ['a.ini', '[gateway]\nport', 'valid INI'],
    ['a.xml', '<a/>', '.yaml, .yml, .json, .toml, .ini'],
  ])('%s %j', (name, text, allowed) => {
    const [problem, ...others] = problemsOf(() => loadText(name, text));
    expect(others).toEqual([]);
    expect(problem.key).toBe('(file)');
    expect(problem.allowed).toContain(allowed);
    expect(problem.value).not.toBe('');
  });

  test('missing, or a directory', () => {
    expect(problemsOf(() => load({ file: '/nonexistent/a.yaml' }))[0].value).toContain('ENOENT');
    withFile('a', '', (file) => {
      expect(problemsOf(() => load({ file: `${file}/../../${'x'.repeat(300)}.yaml` }))[0].key).toBe('(file)');
    });
  });

  test.each([
    ['a.yaml', '__proto__: {polluted: 1}'],
    ['a.yaml', 'gateway: {__proto__: {polluted: 1}, port: 1}'],
    ['a.yaml', 'constructor: {prototype: {polluted: 1}}'],
    ['a.json', '{"gateway": {"__proto__": {"polluted": 1}}}'],
    ['a.toml', '[gateway.__proto__]\npolluted = 1'],
    ['a.toml', '[constructor.prototype]\npolluted = 1'],
    ['a.ini', '[__proto__]\npolluted = 1'],
    ['a.ini', '__proto__ = 1'],
    ['a.ini', 'venues = [{"__proto__": {"polluted": 1}}]'],
  ])('cannot reach prototypes: %s %s', (name, text) => {
    const problems = problemsOf(() => loadText(name, text));
    expect(JSON.stringify(problems)).toMatch(/__proto__|constructor/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('nor can variables', () => {
    const env = { MILLRACE_VENUES: '[{"__proto__": {"polluted": 1}}]' };
    expect(problemsOf(() => load({ env }))[0].key).toBe('venues[0].__proto__');
  });

  test('with cycles, alias bombs or endless nesting are refused', () => {
    const bomb = ['a: &a [1,1,1,1,1,1,1,1,1]'];
    for (let i = 0; i < 9; i++) bomb.push(`b${i}: &${'bcdefghij'[i]} [${`*${'abcdefghi'[i]},`.repeat(9)}]`);
    expect(yamlProblems('gateway: &g {port: 1, x: *g}').length).toBeGreaterThan(0);
    expect(yamlProblems(bomb.join('\n')).length).toBeGreaterThan(0);
    expect(yamlProblems(`venues: ${'['.repeat(200)}${']'.repeat(200)}`)[0].allowed).toContain('levels');
  });
});
