/** Words of the API and the values of the core that they stand for. */
import {
  Contingency,
  ORDER_TYPE_NAMES,
  OrderType,
  SELF_TRADE_PREVENTION_NAMES,
  SelfTradePrevention,
  Side,
  TimeInForce,
  TRADING_PHASE_NAMES,
} from '../../lib/enums.js';

export type Words = Readonly<Record<string, number>>;

export const SIDES: Words = { BUY: Side.Buy, SELL: Side.Sell };
export const ORDER_TYPES: Words = wordsOf(ORDER_TYPE_NAMES, OrderType);
export const TIMES_IN_FORCE: Words = {
  GTC: TimeInForce.GoodTillCancel,
  IOC: TimeInForce.ImmediateOrCancel,
  FOK: TimeInForce.FillOrKill,
  DAY: TimeInForce.Day,
  GTD: TimeInForce.GoodTillDate,
  AT_THE_OPEN: TimeInForce.AtTheOpen,
  AT_THE_CLOSE: TimeInForce.AtTheClose,
};
export const SELF_TRADE_PREVENTIONS: Words = {
  NONE: SelfTradePrevention.None,
  ...wordsOf(SELF_TRADE_PREVENTION_NAMES, SelfTradePrevention),
};
export const CONTINGENCIES: Words = { OCO: Contingency.OneCancelsOther, OUO: Contingency.OneUpdatesOther };

export const ORDER_TYPE_TEXT = textsOf(ORDER_TYPES);
export const TIME_IN_FORCE_TEXT = textsOf(TIMES_IN_FORCE);
export const SELF_TRADE_PREVENTION_TEXT = textsOf(SELF_TRADE_PREVENTIONS);
export const CONTINGENCY_TEXT = textsOf(CONTINGENCIES);
export const TRADING_PHASES: readonly string[] = TRADING_PHASE_NAMES.slice(1).map((name) => name ?? '');

/** Words joined for an error text. */
export function listOf(words: Words): string {
  return Object.keys(words).join(', ');
}

/** The generated names of all values but None. */
function wordsOf(names: readonly (string | undefined)[], values: Words): Words {
  const used = Object.values(values).filter((value) => value !== 0);
  return Object.fromEntries(used.map((value) => [names[value] ?? '', value]));
}

/** Words by value; NONE where no word has it. */
function textsOf(words: Words): readonly string[] {
  const texts: string[] = new Array(Math.max(...Object.values(words)) + 1).fill('NONE');
  for (const [word, value] of Object.entries(words)) texts[value] = word;
  return texts;
}
