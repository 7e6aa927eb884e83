import { describe, expect, it } from 'vitest';
import { yamlProblems } from './support.js';

const INSTRUMENT = 'symbol: A, tick_size: 0.01, lot_size: 1, base_currency: A, quote_currency: USD';

/** A faulty configuration, the key, the value, and part of what is allowed. */
const CASES: readonly [text: string, key: string, value: unknown, allowed: string][] = [
  [
    `instruments: [{${INSTRUMENT}, reference_price: 1, session: cash}]`,
    'instruments[0].session',
    'cash',
    'null, or a name in sessions: there is none',
  ],
  [
    'sessions: [{name: a, phases: [{at: "24:00:00", phase: closed}]}]',
    'sessions[0].phases[0].at',
    '24:00:00',
    'HH:MM:SS',
  ],
  [
    'sessions: [{name: a, phases: [{at: "09:00:00", phase: continuous}, {at: "08:00:00", phase: closed}]}]',
    'sessions[0].phases[1].at',
    '08:00:00',
    'after 09:00:00',
  ],
  [
    'sessions: [{name: a, phases: [{at: "09:00:00", phase: continuous, random_seconds: 61}, {at: "09:01:00", phase: closed}]}]',
    'sessions[0].phases[0].random_seconds',
    61,
    'before 09:01:00',
  ],
  [
    'sessions: [{name: a, phases: [{at: "09:00:00", phase: volatility-auction}]}]',
    'sessions[0].phases[0].phase',
    'volatility-auction',
    'closing-auction',
  ],
  [
    'sessions: [{name: a, days: [mon], phases: [{at: "09:00:00", phase: closed}]}, {name: a, phases: [{at: "09:00:00", phase: closed}]}]',
    'sessions[1].name',
    'a',
    'not used before (sessions[0])',
  ],
];

describe('sessions', () => {
  it.each(CASES)('%s', (text, key, value, allowed) => {
    const problem = yamlProblems(text).find((one) => one.key === key);
    expect(problem).toMatchObject({ value });
    expect(problem?.allowed).toContain(allowed);
  });
});
