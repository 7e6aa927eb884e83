import { describe, expect, it } from 'vitest';
import { Invoker } from '../../src/agent/invoker.js';
import { ProbeAgent } from '../support/probe-agent.js';

function three(cycle: (cycle: number) => number = () => 0): { agents: ProbeAgent[]; calls: string[] } {
  const calls: string[] = [];
  const agents = (['risk', 'matching', 'market-data'] as const).map(
    (name) =>
      new ProbeAgent(
        (n) => {
          calls.push(`doWork ${name}`);
          return cycle(n);
        },
        { name, calls },
      ),
  );
  return { agents, calls };
}

describe('invoker', () => {
  it('starts, steps and closes in the given order', async () => {
    const { agents, calls } = three();
    const invoker = new Invoker(agents);
    await invoker.start(1);
    expect(invoker.step(42)).toBe(0);
    await invoker.close();
    expect(calls).toEqual([
      ...['start risk', 'start matching', 'start market-data'],
      ...['doWork risk', 'doWork matching', 'doWork market-data'],
      ...['stopAccepting risk', 'stopAccepting matching', 'stopAccepting market-data'],
      ...['close risk', 'close matching', 'close market-data'],
    ]);
    expect(agents.map(({ times }) => times)).toEqual([[42], [42], [42]]);
  });

  it('adds up the work', () => {
    expect(new Invoker(three((cycle) => cycle * 2).agents).step(0)).toBe(6);
  });

  it('settles when a whole pass does nothing', () => {
    const { agents } = three((cycle) => (cycle <= 4 ? 1 : 0));
    new Invoker(agents).settle(7);
    expect(agents.map(({ cycles }) => cycles)).toEqual([5, 5, 5]);
  });

  it('settles within the limit, and throws beyond it', () => {
    const worksTwice = (): ProbeAgent[] => three((cycle) => (cycle <= 2 ? 1 : 0)).agents;
    new Invoker(worksTwice()).settle(0, 3);
    expect(() => new Invoker(worksTwice()).settle(0, 2)).toThrow('invoker: still working after 2 passes');
  });

  it('closes every agent also when one fails to, and throws the first failure', async () => {
    const { agents, calls } = three();
    const failing = Object.assign(agents[1], {
      close: () => Promise.reject(new Error('will not close')),
    });
    await expect(new Invoker([agents[0], failing, agents[2]]).close()).rejects.toThrow('will not close');
    expect(calls.slice(-2)).toEqual(['close risk', 'close market-data']);
  });

  it('without agents has nothing to do', async () => {
    const invoker = new Invoker([]);
    await invoker.start(0);
    invoker.settle(0);
    await invoker.close();
  });
});
