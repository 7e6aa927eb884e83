import { describe, expect, it } from 'vitest';
import { LevelBuilder, LevelChange } from '../../src/book/level-builder.js';
import type { Matching } from '../../src/book/matching.js';
import { MatchingEngine } from '../../src/book/matching-engine.js';
import { run } from './matching-script.js';
import { PLAIN_SHAPES as SHAPES } from './matching-shapes.js';
import { apply, CommandStream, SEED } from './matching-stream.js';

/** An engine whose events go to a builder, and the changes that the builder told of since the last take. */
function start(capacities: { instruments: number; orders: number; levels: number; accounts?: number }) {
  const changes: LevelChange[] = [];
  const builder = new LevelBuilder(capacities, {
    levelChanged: (change) => changes.push(Object.assign(new LevelChange(), change)),
  });
  return { engine: new MatchingEngine(capacities, builder), builder, take: () => changes.splice(0) };
}

const format = (change: LevelChange): string =>
  `${change.instrument} ${change.side === 1 ? 'buy' : 'sell'} ${change.price}: ${change.quantity} in ${change.orders}`;

describe('level builder', () => {
  it.each([
    { command: '#9 buy 3 @ 99', changes: ['0 buy 99: 3 in 1'] },
    { command: '#9 buy 3 @ 100', changes: ['0 buy 100: 18 in 3'] },
    { command: '#9 buy 1 @ 110 ioc', changes: ['0 sell 110: 6 in 1'] },
    {
      command: '#9 buy 13 @ 111',
      changes: ['0 sell 110: 0 in 0', '0 sell 111: 0 in 0', '0 buy 111: 4 in 1'],
    },
    { command: '#9 buy 99 @ 109 fok', changes: [] },
    { command: 'cancel #1', changes: ['0 buy 100: 5 in 1'] },
    { command: 'cancel #8', changes: [] },
    { command: 'amend #1 to 4 @ 100', changes: ['0 buy 100: 9 in 2'] },
    { command: 'amend #1 to 10 @ 101', changes: ['0 buy 100: 5 in 1', '0 buy 101: 10 in 1'] },
    { command: 'amend #3 to 8 @ 100', changes: ['0 buy 100: 7 in 2', '0 sell 110: 0 in 0'] },
    {
      command: 'amend #3 to 20 @ 100',
      changes: ['0 buy 100: 0 in 0', '0 sell 110: 0 in 0', '0 sell 100: 5 in 1'],
    },
    { command: 'mass cancel sell', changes: ['0 sell 110: 0 in 0', '0 sell 111: 0 in 0'] },
  ])('$command changes $changes', ({ command, changes }) => {
    const { engine, take } = start({ instruments: 1, orders: 64, levels: 64 });
    for (const text of ['#1 buy 10 @ 100', '#2 buy 5 @ 100', '#3 sell 7 @ 110', '#4 sell 2 @ 111'])
      run(engine, text);
    take();
    run(engine, command);
    expect(take().map(format)).toEqual(changes);
  });

  it('starts from a snapshot', () => {
    const builder = new LevelBuilder({ instruments: 1, levels: 2 }, { levelChanged: () => undefined });
    builder.set(0, 1, 100, 5, 1);
    builder.set(0, 1, 101, 6, 2);
    builder.set(0, 1, 100, 0, 0);
    builder.set(0, 2, 105, 0, 0);
    const into = new Float64Array(6);
    expect(builder.copyLevels(0, 1, 2, into)).toBe(1);
    expect([...into.subarray(0, 3)]).toEqual([101, 6, 2]);
    expect(builder.bestPrice(0, 2)).toBeNaN();
  });

  it('says when it is too small for what it is told', () => {
    const builder = new LevelBuilder({ instruments: 1, levels: 1 }, { levelChanged: () => undefined });
    for (const price of [1, 2, 3]) builder.set(0, 1, price, 1, 1);
    expect(() => builder.set(0, 1, 4, 1, 1)).toThrow('level builder: more than 3 levels');
  });

  it('notices that events were missed', () => {
    const { engine, builder } = start({ instruments: 1, orders: 4, levels: 4 });
    run(engine, '#1 sell 5 @ 100');
    builder.set(0, 2, 100, 0, 0);
    expect(() => run(engine, '#2 buy 5 @ 100')).toThrow('events were missed');
  });

  it.each(Object.keys(SHAPES))(`equals the engine after every command, MILLRACE_SEED=${SEED}: %s`, (name) => {
    const { shape, capacities } = SHAPES[name];
    const { engine, builder, take } = start(capacities);
    const stream = new CommandStream(SEED, shape);
    const { command } = stream;
    const replica = new Map<string, string>();
    for (let step = 0; step < 5_000; step++) {
      apply(engine, stream.next(), command);
      for (const change of take()) applyChange(replica, change);
      const instrument = step % 7 === 0 ? step % shape.instruments : command.instrument;
      if (!(instrument >= 0 && instrument < shape.instruments && Number.isInteger(instrument))) continue;
      for (const side of [1, 2])
        compare(engine, builder, replica, instrument, side, `seed ${SEED}, step ${step}`);
    }
    let levels = 0;
    for (let book = 0; book < 2 * shape.instruments; book++) {
      levels += engine.levels(book >> 1, (book & 1) + 1, 4096, engineLevels);
    }
    expect(replica.size).toBe(levels);
  });
});

/** What a subscriber that only sees the changes would hold. */
function applyChange(replica: Map<string, string>, change: LevelChange): void {
  const key = `${change.instrument} ${change.side} ${change.price}`;
  if (change.orders === 0) replica.delete(key);
  else replica.set(key, `${change.quantity} ${change.orders}`);
}

const engineLevels = new Float64Array(3 * 4096);
const builderLevels = new Float64Array(3 * 4096);

function compare(
  engine: Matching,
  builder: LevelBuilder,
  replica: Map<string, string>,
  instrument: number,
  side: number,
  context: string,
): void {
  const count = engine.levels(instrument, side, 4096, engineLevels);
  if (builder.copyLevels(instrument, side, 4096, builderLevels) !== count)
    expect.fail(`level count, ${context}`);
  for (let index = 0; index < count * 3; index++) {
    if (engineLevels[index] !== builderLevels[index]) expect.fail(`levels differ, ${context}`);
  }
  for (let index = 0; index < count * 3; index += 3) {
    const [price, quantity, orders] = engineLevels.subarray(index, index + 3);
    const held = replica.get(`${instrument} ${side} ${price}`);
    if (held !== `${quantity} ${orders}`) expect.fail(`changes told of ${held} at ${price}, ${context}`);
  }
}
