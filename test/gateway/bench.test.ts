import { expect, it } from 'vitest';
import { run } from '../../bench/gateway.js';

it('the benchmark runs at smoke size: every order answered and counted', async () => {
  const { text, figures } = await run({ smoke: true });
  expect(text.at(-1)).toMatch(/^orders answered: [1-9]\d*, as Millrace counts them$/);
  for (const connections of [1, 32]) {
    expect(figures[`orders_per_second_${connections}`]).toBeGreaterThan(0);
    expect(figures[`ratio_to_echo_${connections}`]).toBeGreaterThan(0);
  }
});
