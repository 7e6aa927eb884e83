import { describe, expect, it } from 'vitest';
import { ReportEvent } from '../../src/book/matching.js';
import { formatEvent } from './matching-format.js';
import { IMPLEMENTATIONS, Recorder } from './matching-recorder.js';
import { run } from './matching-script.js';

const CAPACITIES = { instruments: 4, orders: 64, levels: 16 };
describe.each(IMPLEMENTATIONS)('matching contract: $name', ({ create }) => {
  function start(before: readonly string[], capacities = CAPACITIES) {
    const recorder = new Recorder();
    const matching = create(capacities, recorder);
    for (const text of before) run(matching, text);
    recorder.take();
    return { recorder, matching };
  }

  it('fills in every field of a trade and of a report', () => {
    const id = 5 * 2 ** 40;
    const { recorder, matching } = start([
      `#${id + 1} sell 6000000000 @ 7000000000 account 4294967295 source 65535`,
    ]);
    run(matching, `#${id + 2} buy 5000000000 @ 8000000000 account 3 source 9`);
    const [trade, report] = recorder.take();
    expect({ ...trade }).toEqual({
      instrument: 0,
      price: 7_000_000_000,
      quantity: 5_000_000_000,
      tradeId: 1,
      makerOrderId: id + 1,
      takerOrderId: id + 2,
      makerLeaves: 1_000_000_000,
      takerLeaves: 0,
      makerAccount: 4_294_967_295,
      takerAccount: 3,
      makerSource: 65_535,
      takerSource: 9,
      takerSide: 1,
      flags: 0,
      makerFee: 0,
      takerFee: 0,
    });
    expect({ ...report }).toMatchObject({
      account: 3,
      source: 9,
      orderType: 1,
      timeInForce: 1,
      instrument: 0,
    });
    run(matching, `cancel #${id + 1} account 4294967295 source 2`);
    const [canceled] = recorder.take();
    expect(canceled).toBeInstanceOf(ReportEvent);
    expect(canceled).toMatchObject({ account: 4_294_967_295, source: 65_535, previousLeaves: 1_000_000_000 });
  });

  it('numbers trades over all instruments without a gap', () => {
    const { recorder, matching } = start(['#1 sell 9 @ 100', '#2 sell 9 @ 100 instrument 3']);
    for (const text of ['#3 buy 1 @ 100', '#4 buy 1 @ 100 instrument 3', '#5 buy 1 market'])
      run(matching, text);
    const ids = recorder.take().flatMap((event) => ('tradeId' in event ? [event.tradeId] : []));
    expect(ids).toEqual([1, 2, 3]);
  });

  it('an id may be used again once its order is over', () => {
    const { recorder, matching } = start(['#1 buy 1 @ 100', 'cancel #1']);
    run(matching, '#1 buy 2 @ 100');
    expect(recorder.take().map(formatEvent)).toEqual(['NEW #1 NEW buy 2 @ 100 leaves 2 filled 0 resting']);
  });

  it.each([
    { text: '#3 buy 1 @ 100', capacities: { instruments: 1, orders: 2, levels: 9 }, full: 'orders' },
    { text: '#3 buy 1 @ 300', capacities: { instruments: 1, orders: 9, levels: 2 }, full: 'levels' },
    {
      text: '#3 buy 1 @ 100 account 9',
      capacities: { instruments: 1, orders: 9, levels: 9, accounts: 1 },
      full: 'accounts',
    },
    {
      text: 'amend #1 to 1 @ 103',
      capacities: { instruments: 1, orders: 9, levels: 2 },
      full: 'levels (amend)',
      keep: true,
    },
  ])('refuses what would exceed its capacity of $full and changes nothing', ({ text, capacities }) => {
    const { recorder, matching } = start(['#1 buy 1 @ 100', '#2 buy 1 @ 101', '#8 buy 1 @ 100'], capacities);
    const hash = matching.stateHash();
    run(matching, text);
    expect(recorder.take().map(formatEvent).join()).toMatch(/REJECTED BOOK_CAPACITY/);
    expect(matching.stateHash()).toBe(hash);
    matching.validate();
  });

  it('room is asked for as if the order rested in full, room that an amend leaves counts', () => {
    const { recorder, matching } = start(['#1 buy 1 @ 100', '#2 sell 1 @ 101'], {
      instruments: 1,
      orders: 3,
      levels: 2,
    });
    run(matching, 'amend #1 to 1 @ 99');
    run(matching, '#3 buy 1 @ 101');
    expect(recorder.take().map(formatEvent)).toEqual([
      'REPLACED #1 NEW buy 1 @ 99 leaves 1 filled 0 was 1 @ 100 resting',
      'REJECTED BOOK_CAPACITY #3 REJECTED buy 1 @ 101 leaves 0 filled 0',
    ]);
  });

  it('reads: best price, levels, order', () => {
    const { matching } = start(['#1 buy 1 @ 100', '#2 buy 2 @ 100', '#3 buy 3 @ 98', '#4 buy 4 @ 97']);
    expect(matching.bestPrice(0, 1)).toBe(100);
    expect(matching.bestPrice(0, 2)).toBeNaN();
    expect(matching.orderCount).toBe(4);
    const into = new Float64Array(6);
    expect(matching.levels(0, 1, 2, into)).toBe(2);
    expect([...into]).toEqual([100, 3, 2, 98, 3, 1]);
    expect(() => matching.levels(0, 1, 3, into)).toThrow('levels: room for 2 of 3 levels');
    expect(matching.order(3)).toMatchObject({ orderId: 3, price: 98, leavesQuantity: 3, arrival: 3 });
    expect(matching.order(5)).toBeUndefined();
  });

  it('the state hash tells queue order, ids to come and every order field apart', () => {
    const hashes = [
      ['#1 buy 5 @ 100', '#2 buy 5 @ 100'],
      ['#2 buy 5 @ 100', '#1 buy 5 @ 100'],
      ['#1 buy 5 @ 100', '#2 buy 5 @ 101'],
      ['#1 buy 5 @ 100', '#2 buy 6 @ 100'],
      [
        '#1 buy 5 @ 100',
        '#2 buy 6 @ 100',
        'amend #2 to 5 @ 100',
        'amend #1 to 6 @ 100',
        'amend #1 to 5 @ 100',
      ],
      ['#1 buy 5 @ 100', '#2 buy 5 @ 100 account 2'],
      ['#1 buy 5 @ 100', '#2 buy 5 @ 100 source 2'],
      ['#1 buy 5 @ 100', '#2 buy 5 @ 100 post-only'],
      ['#1 buy 5 @ 100', '#2 buy 5 @ 100 instrument 1'],
      ['#1 sell 5 @ 100', '#2 sell 5 @ 100'],
      ['#3 buy 1 @ 100', '#4 sell 1 @ 100', '#1 buy 5 @ 100', '#2 buy 5 @ 100'],
      ['#3 buy 1 @ 100', 'cancel #3', '#1 buy 5 @ 100', '#2 buy 5 @ 100'],
    ].map((before) => start(before).matching.stateHash());
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('refuses capacities that make no sense, by name', () => {
    const sink = new Recorder();
    expect(() => create({ instruments: 0, orders: 1, levels: 1 }, sink)).toThrow(
      'matching capacity instruments is 0: must be an integer from 1 to 1048576',
    );
    expect(() => create({ instruments: 1, orders: 1.5, levels: 1 }, sink)).toThrow('orders is 1.5');
  });
});
