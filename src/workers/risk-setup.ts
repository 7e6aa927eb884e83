import { LOCAL_VENUE } from '../config/names.js';
import { RiskControls } from '../risk/controls.js';
import { MarketPrices } from '../risk/market-prices.js';
import { RiskEngine } from '../risk/risk-engine.js';
import { DEFAULT_RISK_CAPACITIES } from '../risk/risk-state.js';
import { openOrderCapacity } from './capacities.js';
import type { AgentContext } from './context.js';

/** The risk engine of the process: limits, readings and best prices in the memory that the other threads see. */
export function createRiskEngine({ config, instruments, sharedState }: AgentContext): RiskEngine {
  const controls = new RiskControls(sharedState('risk.controls'), config.risk, instruments);
  const prices = new MarketPrices(sharedState('market.prices'), instruments.count);
  const capacities = { ...DEFAULT_RISK_CAPACITIES, openOrders: openOrderCapacity(config) };
  return new RiskEngine(controls, instruments, { capacities, venue: LOCAL_VENUE, prices });
}
