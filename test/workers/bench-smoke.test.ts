import { expect, it } from 'vitest';
import { run as runLatency } from '../../bench/latency.js';
import { run } from '../../bench/pipeline.js';
import { run as runShards } from '../../bench/shards.js';

it('the pipeline benchmark runs in its smoke size; threads give the events of a single thread', async () => {
  const { name, text, figures } = await run({ smoke: true });
  expect(name).toBe('pipeline');
  expect(text.length).toBeGreaterThan(5);
  for (const [key, value] of Object.entries(figures))
    expect([key, Number.isFinite(value)]).toEqual([key, true]);
});

it('the latency benchmark runs in its smoke size; risk and matching accept and trade what the generator expects', async () => {
  const { name, text, figures } = await runLatency({ smoke: true });
  expect(name).toBe('latency');
  expect(text.at(-1)).toContain('0 refused');
  for (const [key, value] of Object.entries(figures))
    expect([key, Number.isFinite(value)]).toEqual([key, true]);
});

it('the benchmark of shards runs in its smoke size; every division trades the same, threads give the events of one', async () => {
  const { name, figures } = await runShards({ smoke: true });
  expect(name).toBe('shards');
  for (const [key, value] of Object.entries(figures))
    expect([key, Number.isFinite(value)]).toEqual([key, true]);
});
