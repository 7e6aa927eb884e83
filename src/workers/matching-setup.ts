import type { InstrumentRules, MatchingOptions } from '../book/matching.js';
import { LOCAL_VENUE, type PhaseName } from '../config/names.js';
import type { Config, InstrumentConfig } from '../config/schema.js';
import { TradingPhase } from '../lib/enums.js';
import type { InstrumentTable } from '../lib/instruments.js';

export const PHASE_BY_NAME: Readonly<Record<PhaseName, TradingPhase>> = {
  'pre-open': TradingPhase.PreOpen,
  'opening-auction': TradingPhase.OpeningAuction,
  continuous: TradingPhase.Continuous,
  'volatility-auction': TradingPhase.VolatilityAuction,
  halt: TradingPhase.Halt,
  'closing-auction': TradingPhase.ClosingAuction,
  closed: TradingPhase.Closed,
};

/** Bands in hundredths of a percent, fees in hundred-millionths of the value: 10,000 to the hundredth of a percent. */
const BAND_STEPS = 100;
const FEE_STEPS = 10_000;

/** What the configuration says about matching: the rules of each instrument, and which accounts belong together. */
export function matchingOptions(config: Config, instruments: InstrumentTable): MatchingOptions {
  return {
    rules: config.instruments.map((one, index) =>
      one.venue === LOCAL_VENUE ? rulesOf(one, instruments.at(index)?.referenceTicks) : undefined,
    ),
    groups: groupsOf(config),
  };
}

function rulesOf(instrument: InstrumentConfig, referencePrice: number | undefined): InstrumentRules {
  return {
    phase: PHASE_BY_NAME[instrument.initial_phase],
    ...(referencePrice !== undefined && { referencePrice }),
    // Rounded because the text had so few decimals, but a double is near it only.
    staticBand: Math.round(instrument.static_band_percent * BAND_STEPS),
    dynamicBand: Math.round(instrument.dynamic_band_percent * BAND_STEPS),
    bandPhase: PHASE_BY_NAME[instrument.band_action],
    makerFee: Math.round(instrument.maker_fee_bps * FEE_STEPS),
    takerFee: Math.round(instrument.taker_fee_bps * FEE_STEPS),
  };
}

/** A group has the number of its first account, which no other group and no account outside of it has. */
function groupsOf({ risk }: Config): Map<number, number> {
  const numbers = new Map<string, number>();
  const groups = new Map<number, number>();
  for (const { id, self_trade_group: name } of risk.accounts) {
    if (name === null) continue;
    const number = numbers.get(name) ?? id;
    numbers.set(name, number);
    groups.set(id, number);
  }
  return groups;
}
