import { describe, expect, it } from 'vitest';
import { type InstrumentRules, ReportEvent } from '../../src/book/matching.js';
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

  it('the state hash tells every condition, phase and price apart', () => {
    const hashes = [
      [],
      ['#1 buy 5 @ 100'],
      ['#1 buy 5 @ 100 stp newest'],
      ['#1 buy 5 @ 100 stp both'],
      ['#1 buy 5 @ 100 day'],
      ['#1 buy 5 @ 100 until 50'],
      ['#1 buy 5 @ 100 until 51'],
      ['#1 buy 5 @ 100 shows 2'],
      ['#1 buy 5 @ 100 shows 3'],
      ['#1 buy 5 @ 100 tp 110'],
      ['#1 buy 5 @ 100 tp 110 sl 90'],
      ['#1 buy 5 @ 100 tp 110 sl 90 sl-limit 80'],
      ['#1 buy 5 @ 100 sl 90'],
      ['#1 buy 5 @ 100 at-close'],
      ['#1 buy 5 stop 105'],
      ['#1 buy 5 stop 106'],
      ['#1 buy 5 @ 100 stop 105'],
      ['#2 buy 5 @ 100', '#1 buy 5 @ 100'],
      ['#2 buy 5 @ 100', '#1 buy 5 @ 100 oco #2'],
      ['#2 buy 5 @ 100', '#1 buy 5 @ 100 ouo #2'],
      ['#2 buy 5 @ 100', '#1 buy 5 @ 100 ouo #2', 'cancel #2'],
      ['phase volatility-auction'],
      ['phase halt'],
      ['phase halt', 'phase continuous reference 7'],
      ['phase halt', 'phase continuous reference 8'],
      ['phase halt instrument 1'],
      ['#3 sell 1 @ 100', '#4 buy 1 @ 100'],
      ['#3 sell 1 @ 101', '#4 buy 1 @ 101'],
    ].map((before) => start(before).matching.stateHash());
    expect(new Set(hashes).size).toBe(hashes.length);
    const startAgain = start(['phase halt', 'phase continuous']).matching.stateHash();
    expect(startAgain, 'a phase that came back is as it was').toBe(hashes[0]);
  });

  it('reads: phase, prices, waiting orders', () => {
    const { recorder, matching } = start([
      ...[
        '#1 sell 5 @ 100',
        '#2 buy 2 @ 100',
        '#3 buy 4 stop 110',
        '#4 buy 4 stop 108',
        '#5 sell 4 @ 80 stop 90',
      ],
      ...['#6 buy 1 market at-close', 'phase volatility-auction reference 99', '#7 buy 1 @ 101'],
    ]);
    expect(matching.phase(0)).toBe(4);
    expect([matching.lastPrice(0), matching.referencePrice(0)]).toEqual([100, 99]);
    expect(matching.lastPrice(1)).toBeNaN();
    expect(matching.indicative(0)).toEqual({ price: 100, quantity: 1, surplus: -2 });
    expect(matching.indicative(1)).toEqual({ price: Number.NaN, quantity: 0, surplus: 0 });
    const waiting: number[] = [];
    matching.forEachWaitingOrder(0, (order) => waiting.push(order.orderId));
    expect(waiting).toEqual([4, 3, 5, 6]);
    expect(matching.orderCount).toBe(6);
    expect(matching.order(5)).toMatchObject({ waiting: true, conditional: true, stopPrice: 90, price: 80 });
    expect(matching.order(7)).toMatchObject({ waiting: false, conditional: false, stopPrice: 0 });
    run(matching, 'phase continuous');
    const status = recorder.take()[0];
    expect({ ...status }).toEqual({
      instrument: 0,
      phase: 3,
      previousPhase: 4,
      reason: 0,
      indicativePrice: 100,
      indicativeQuantity: 1,
      surplus: -2,
      lastPrice: 100,
      referencePrice: 99,
    });
  });

  it('refuses rules that make no sense, by instrument and name', () => {
    const sink = new Recorder();
    const capacities = { instruments: 2, orders: 1, levels: 1 };
    const withRule = (rule: InstrumentRules) => () => create(capacities, sink, { rules: [undefined, rule] });
    expect(withRule({ phase: 9 })).toThrow('instrument 1: phase is 9: must be a trading phase');
    expect(withRule({ referencePrice: 0.5 })).toThrow('referencePrice is 0.5: must be a safe integer');
    expect(withRule({ staticBand: -1 })).toThrow('staticBand is -1: must be an integer from 0 to 1000000');
    expect(withRule({ bandPhase: 3 })).toThrow('bandPhase is 3: must be VolatilityAuction or Halt');
    expect(withRule({ takerFee: 1.5 })).toThrow('takerFee is 1.5: must be an integer from -100000000');
  });

  it('refuses capacities that make no sense, by name', () => {
    const sink = new Recorder();
    expect(() => create({ instruments: 0, orders: 1, levels: 1 }, sink)).toThrow(
      'matching capacity instruments is 0: must be an integer from 1 to 1048576',
    );
    expect(() => create({ instruments: 1, orders: 1.5, levels: 1 }, sink)).toThrow('orders is 1.5');
  });
});
