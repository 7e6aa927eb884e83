import { expect, it } from 'vitest';
import { run } from '../../bench/pipeline.js';

it('the pipeline benchmark runs in its smoke size; threads give the events of a single thread', async () => {
  const { name, text, figures } = await run({ smoke: true });
  expect(name).toBe('pipeline');
  expect(text.length).toBeGreaterThan(5);
  for (const [key, value] of Object.entries(figures))
    expect([key, Number.isFinite(value)]).toEqual([key, true]);
});
