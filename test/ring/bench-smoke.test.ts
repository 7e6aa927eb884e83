import { expect, it } from 'vitest';
import { run } from '../../bench/ring.js';

it('the ring benchmark runs in its smoke size, with the right digests', async () => {
  const { name, text, figures } = await run({ smoke: true });
  expect(name).toBe('ring');
  expect(text.length).toBeGreaterThan(5);
  for (const [key, value] of Object.entries(figures))
    expect([key, Number.isFinite(value)]).toEqual([key, true]);
});
