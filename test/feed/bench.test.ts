import { expect, it } from 'vitest';
import { run } from '../../bench/feed.js';

it('the feed benchmark ends with the same books by both ways, at its smoke size', async () => {
  const { name, figures, text } = await run({ smoke: true });
  expect(name).toBe('feed');
  expect(figures['messages/s']).toBeGreaterThan(0);
  expect(text.join('\n')).toContain('invented stream of 3000 messages');
});
