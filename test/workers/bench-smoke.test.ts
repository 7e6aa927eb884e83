import { expect, it } from 'vitest';
import { run as runLatency } from '../../bench/latency.js';
import { run } from '../../bench/pipeline.js';

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
