/** Defaults and limits of what an instrument trades by. */
import { TradingPhase } from '../lib/enums.js';
import type { InstrumentRules } from './matching.js';

export type ResolvedRules = Required<InstrumentRules>;

const DEFAULTS: ResolvedRules = {
  phase: TradingPhase.Continuous,
  referencePrice: Number.NaN,
  staticBand: 0,
  dynamicBand: 0,
  bandPhase: TradingPhase.VolatilityAuction,
  makerFee: 0,
  takerFee: 0,
};
/** A hundredfold of the price, and the price itself: beyond them a number is a mistake. */
const MAX_BAND = 1_000_000;
const MAX_FEE = 100_000_000;

/** Fills in defaults; throws RangeError naming the instrument, the rule, its value and what is allowed. */
export function resolveRules(rules: InstrumentRules | undefined, instrument: number): ResolvedRules {
  if (rules === undefined) return DEFAULTS;
  const resolved = { ...DEFAULTS, ...rules };
  const { phase, referencePrice, bandPhase } = resolved;
  const check = (name: keyof ResolvedRules, isValid: boolean, allowed: string): void => {
    if (isValid) return;
    throw new RangeError(`instrument ${instrument}: ${name} is ${resolved[name]}: must be ${allowed}`);
  };
  const within = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  check('phase', within(phase, TradingPhase.PreOpen, TradingPhase.Closed), 'a trading phase');
  const isPrice = Number.isNaN(referencePrice) || Number.isSafeInteger(referencePrice);
  check('referencePrice', isPrice, 'a safe integer, or NaN for none');
  check('staticBand', within(resolved.staticBand, 0, MAX_BAND), `an integer from 0 to ${MAX_BAND}`);
  check('dynamicBand', within(resolved.dynamicBand, 0, MAX_BAND), `an integer from 0 to ${MAX_BAND}`);
  const isBreak = bandPhase === TradingPhase.VolatilityAuction || bandPhase === TradingPhase.Halt;
  check('bandPhase', isBreak, 'VolatilityAuction or Halt');
  check(
    'makerFee',
    within(resolved.makerFee, -MAX_FEE, MAX_FEE),
    `an integer from ${-MAX_FEE} to ${MAX_FEE}`,
  );
  check(
    'takerFee',
    within(resolved.takerFee, -MAX_FEE, MAX_FEE),
    `an integer from ${-MAX_FEE} to ${MAX_FEE}`,
  );
  return resolved;
}
