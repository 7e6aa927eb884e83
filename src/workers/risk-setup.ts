import type { InstrumentRules } from '../book/matching.js';
import { LOCAL_VENUE } from '../config/names.js';
import { RiskControls } from '../risk/controls.js';
import { MAXIMUM_FEE } from '../risk/limits.js';
import { MarketPrices } from '../risk/market-prices.js';
import { RiskEngine } from '../risk/risk-engine.js';
import { DEFAULT_RISK_CAPACITIES } from '../risk/risk-state.js';
import { openOrderCapacity } from './capacities.js';
import type { AgentContext } from './context.js';
import { matchingOptions } from './matching-setup.js';

/** The risk engine of the process: limits, readings and best prices in the memory that the other threads see. */
export function createRiskEngine({ config, instruments, sharedState }: AgentContext): RiskEngine {
  const controls = new RiskControls(sharedState('risk.controls'), config.risk, instruments);
  const prices = new MarketPrices(sharedState('market.prices'), instruments.count);
  const capacities = { ...DEFAULT_RISK_CAPACITIES, openOrders: openOrderCapacity(config) };
  const { rules } = matchingOptions(config, instruments);
  const fees = Float64Array.from(instruments.all, ({ index }) => highestFee(rules?.[index]));
  return new RiskEngine(controls, instruments, { capacities, venue: LOCAL_VENUE, prices, fees });
}

/** Of a fill, whichever side an order takes; rebates are no fees. More than MAXIMUM_FEE leaves no room for exact sums. */
function highestFee(rules: InstrumentRules | undefined): number {
  return Math.min(Math.max(rules?.makerFee ?? 0, rules?.takerFee ?? 0, 0), MAXIMUM_FEE);
}
