import { describe, expect, it } from 'vitest';
import { quietConfig, Simulation } from './simulation.js';

async function digestOf(seconds: number, ...flags: string[]): Promise<string> {
  const simulation = await Simulation.start(quietConfig(...flags));
  simulation.run(seconds);
  return simulation.digest();
}

describe('the simulated market', () => {
  it('is the same to the byte for the same seed, and another for another', async () => {
    const first = await digestOf(30, '--seed=7');
    expect(await digestOf(30, '--seed=7')).toBe(first);
    expect(await digestOf(30, '--seed=8')).not.toBe(first);
  });

  it('stays a market for ten minutes', async () => {
    const simulation = await Simulation.start(quietConfig('--seed=1'));
    const { instruments, simulation: market } = simulation.config;
    const count = instruments.length;
    const seconds = 600;
    let samples = 0;
    let oneSided = 0;
    let highestOpen = 0;
    let farthest = 0;
    const spreads: number[][] = instruments.map(() => []);
    const windows: number[] = [];
    let commandsBefore = 0;
    simulation.run(2); // the first snapshots
    const start = simulation.commands;
    simulation.run(seconds, () => {
      samples++;
      for (let i = 0; i < count; i++) {
        const book = simulation.book(i);
        if (book === undefined || book.bids.count === 0 || book.asks.count === 0) oneSided++;
        else {
          const reference = Number(instruments[i].reference_price) / Number(instruments[i].tick_size);
          spreads[i].push((book.asks.bestPrice() - book.bids.bestPrice()) / reference);
          farthest = Math.max(farthest, Math.abs(book.bids.bestPrice() / reference - 1));
        }
      }
      if (samples % 10 === 0) {
        highestOpen = Math.max(highestOpen, simulation.counter('matching', 'resting_orders'));
        windows.push(simulation.commands - commandsBefore);
        commandsBefore = simulation.commands;
      }
    });
    expect(oneSided / (samples * count)).toBeLessThan(0.001);
    expect(farthest).toBeLessThan(0.05);
    for (const spread of spreads) {
      const sorted = spread.sort((a, b) => a - b);
      expect(sorted[0]).toBeGreaterThan(0);
      expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(5e-4);
      expect(sorted[Math.floor(sorted.length * 0.999)]).toBeLessThan(5e-3);
    }
    // Commands of the maker come on top of the rate.
    const rate = (simulation.commands - start) / seconds;
    expect(rate).toBeGreaterThan(market.rate * 0.9);
    expect(rate).toBeLessThan(market.rate * 1.4);
    expect(simulation.counter('strategies', 'rejects_total') / simulation.commands).toBeLessThan(0.01);
    expect(simulation.counter('strategies', 'disabled')).toBe(0);
    expect(highestOpen).toBeLessThan(2000);
    for (const trades of simulation.trades) expect(trades).toBeGreaterThan(seconds);
    // Clustered: the variance of counts in windows of 100 ms is well above their mean (first window: the start).
    const counts = windows.slice(1);
    const mean = counts.reduce((sum, x) => sum + x, 0) / counts.length;
    const variance = counts.reduce((sum, x) => sum + (x - mean) ** 2, 0) / counts.length;
    expect(variance / mean).toBeGreaterThan(1.5);
    await simulation.stop();
    expect(simulation.counter('matching', 'resting_orders')).toBe(0);
  });

  it('bounds open orders where nothing but age ends them', async () => {
    const noise = {
      name: 'noise',
      kind: 'noise',
      account: 4,
      parameters: {
        flow_share: 1,
        market_ratio: 0,
        cancel_ratio: 0.3,
        distance_bps: 100,
        max_open_orders: 300,
      },
    };
    const maker = { name: 'maker', kind: 'market-maker', account: 2 };
    const simulation = await Simulation.start(quietConfig(`--strategies=${JSON.stringify([maker, noise])}`));
    let highest = 0;
    simulation.run(30, () => {
      highest = Math.max(highest, simulation.counter('matching', 'resting_orders'));
    });
    // The maker has 30 quotes.
    expect(highest).toBeLessThanOrEqual(330);
    expect(highest).toBeGreaterThan(300);
  });
});
