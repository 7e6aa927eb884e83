import { expect, it } from 'vitest';
import { run } from '../../bench/publisher.js';

it('the benchmark loses no message of either contestant', async () => {
  const { figures, text } = await run({ smoke: true });
  expect(figures.lost).toBe(0);
  expect(figures.agent_messages_per_second).toBeGreaterThan(0);
  expect(figures.bare_messages_per_second).toBeGreaterThan(0);
  expect(text).toHaveLength(3);
});
