import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { accountLimits } from '../config/accounts.js';
import type { Config, StrategyConfig } from '../config/schema.js';
import { createStrategy, type StrategySpec } from '../strategies/kinds.js';
import type { FlowBounds } from '../strategies/sizing.js';
import type { CreateStrategy, Strategy } from '../strategies/strategy.js';

/**
 * How far from the reference price the simulated market may trade, as a part of the price collar: whichever price risk
 * takes as its reference, an order at one end is then within the collar of a trade at the other.
 */
const PART_OF_COLLAR = 0.4;
/** Part of the order limits that a simulated order may use. */
const PART_OF_LIMIT = 0.9;

/**
 * Builds one strategy. Rejects with an error that names the strategy and its module when that cannot be loaded, has no
 * function `create`, or makes something that is no strategy.
 */
export async function buildStrategy(config: Config, settings: StrategyConfig): Promise<Strategy> {
  return settings.kind === 'custom' ? loadCustom(settings) : createStrategy(specOf(config, settings));
}

type CustomConfig = Extract<StrategyConfig, { kind: 'custom' }>;

async function loadCustom({ name, module, parameters }: CustomConfig): Promise<Strategy> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new Error(`strategy ${name}: module ${module} ${what}`, { cause });
  };
  const loaded: { create?: unknown } = await import(pathToFileURL(resolve(module)).href).catch(
    (error: unknown) => refuse(`cannot be loaded: ${messageOf(error)}`, error),
  );
  if (typeof loaded.create !== 'function') return refuse('exports no function create(parameters, name)');
  let strategy: unknown;
  try {
    strategy = (loaded.create as CreateStrategy)(parameters, name);
  } catch (error) {
    return refuse(`cannot create the strategy: ${messageOf(error)}`, error);
  }
  return isStrategy(strategy) ? strategy : refuse('creates something without a method onStart');
}

function isStrategy(value: unknown): value is Strategy {
  return (
    typeof value === 'object' && value !== null && 'onStart' in value && typeof value.onStart === 'function'
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The parameters of a built-in kind in its own terms: decimals become numbers, shares of the flow become rates. */
function specOf(config: Config, settings: Exclude<StrategyConfig, CustomConfig>): StrategySpec {
  const bounds = boundsOf(config, settings.account);
  const { rate } = config.simulation;
  switch (settings.kind) {
    case 'market-maker': {
      const given = settings.parameters;
      return {
        kind: settings.kind,
        parameters: {
          ...bounds,
          spreadBps: given.spread_bps,
          levels: given.levels,
          levelSpacingBps: given.level_spacing_bps,
          orderNotional: Number(given.order_notional),
          maximumPositionNotional: Number(given.max_position_notional),
          refreshMs: given.refresh_interval_ms,
          volatility: given.volatility,
          reversionMinutes: given.reversion_minutes,
        },
      };
    }
    case 'taker': {
      const given = settings.parameters;
      return {
        kind: settings.kind,
        parameters: {
          ...bounds,
          rate: rate * given.flow_share,
          orderNotional: Number(given.order_notional),
          maximumPositionNotional: Number(given.max_position_notional),
        },
      };
    }
    case 'noise': {
      const given = settings.parameters;
      return {
        kind: settings.kind,
        parameters: {
          ...bounds,
          rate: rate * given.flow_share,
          orderNotional: Number(given.order_notional),
          marketRatio: given.market_ratio,
          cancelRatio: given.cancel_ratio,
          distanceBps: given.distance_bps,
          clustering: given.clustering,
          clusterMs: given.cluster_ms,
          maximumOpenOrders: given.max_open_orders,
          orderLifetimeSeconds: given.order_lifetime_s,
        },
      };
    }
  }
}

function boundsOf({ risk }: Config, accountId: number): FlowBounds {
  const account = risk.accounts.find(({ id }) => id === accountId);
  if (account === undefined) throw new RangeError(`account ${accountId} is not in risk.accounts`);
  const limits = accountLimits(risk, account);
  return {
    maximumDeviation: (limits.price_collar_percent / 100) * PART_OF_COLLAR,
    maximumOrderNotional: Number(limits.max_order_notional) * PART_OF_LIMIT,
    maximumOrderQuantity: Number(limits.max_order_quantity) * PART_OF_LIMIT,
  };
}
