/**
 * Matching scenarios as text. New orders:
 *
 *     #7 buy 10 @ 100                       limit          #7 sell 10 market
 *     #7 buy 10 stop 105                    stop           #7 buy 10 @ 106 stop 105      stop-limit
 *     #7 buy 10 to-limit                    market-to-limit
 *
 * with, in any order: a time in force `ioc`, `fok`, `day`, `until T`, `at-open`, `at-close` (none: good till cancel);
 * `post-only`, `post-only slide`, `shows N` (iceberg), `min N`; `oco #3` or `ouo #3`; a bracket `tp P`, `sl P`, `sl-limit P`;
 * self-trade prevention `stp newest|oldest|both|decrement`. Other commands:
 *
 *     amend #7 to 5 @ 101 [stop 104]    cancel #7    mass cancel [buy|sell]
 *     phase opening-auction [reference 100]          time 50
 *
 * each with optional `account A` (default 1), `instrument I` (default 0; in a mass cancel: all), `source S` and `time T`.
 */
import { ALL_INSTRUMENTS, type Matching, type MatchingCommand } from '../../src/book/matching.js';
import {
  Contingency,
  OrderFlags,
  OrderType,
  SELF_TRADE_PREVENTION_NAMES,
  Side,
  TIME_IN_FORCE_NAMES,
  TimeInForce,
  TRADING_PHASE_NAMES,
} from '../../src/lib/enums.js';
import { type Action, clearConditions } from './matching-stream.js';

const PREVENTION_WORDS = ['', 'newest', 'oldest', 'both', 'decrement'];
const TIME_WORDS: readonly (readonly [string, TimeInForce])[] = [
  ['ioc', TimeInForce.ImmediateOrCancel],
  ['fok', TimeInForce.FillOrKill],
  ['day', TimeInForce.Day],
  ['until', TimeInForce.GoodTillDate],
  ['at-open', TimeInForce.AtTheOpen],
  ['at-close', TimeInForce.AtTheClose],
];

/** Runs one command of the language above. */
export function run(matching: Matching, text: string): void {
  const { command } = matching;
  const action = parse(text, command);
  matching[action]();
}

/** Fills in the command and says what it is. */
export function parse(text: string, command: MatchingCommand): Action {
  clearConditions(command);
  command.account = number(text, 'account') ?? 1;
  command.source = number(text, 'source') ?? 0;
  command.instrument = number(text, 'instrument') ?? 0;
  command.timestamp = number(text, 'time') ?? Number.NaN;
  command.orderId = numberAfter(text, /#(\d+)/) ?? 0;
  command.price = numberAfter(text, /@ (-?\d+)/) ?? 0;
  command.side = text.includes('buy') ? Side.Buy : text.includes('sell') ? Side.Sell : Side.None;
  if (text.startsWith('time')) return 'advanceTime';
  if (text.startsWith('cancel')) return 'cancelOrder';
  if (text.startsWith('mass cancel')) {
    command.instrument = number(text, 'instrument') ?? ALL_INSTRUMENTS;
    return 'massCancel';
  }
  if (text.startsWith('phase')) {
    const name = /phase ([a-z-]+)/.exec(text)?.[1].replace('-', '_').toUpperCase();
    command.phase = TRADING_PHASE_NAMES.indexOf(name);
    if (command.phase === -1) throw new Error(`no such phase: ${text}`);
    command.referencePrice = number(text, 'reference') ?? Number.NaN;
    return 'setPhase';
  }
  if (text.startsWith('amend')) {
    command.quantity = number(text, 'to') ?? Number.NaN;
    command.stopPrice = number(text, 'stop') ?? Number.NaN;
    if (text.includes(' stop ')) command.conditional = 1;
    return 'amendOrder';
  }
  parseNewOrder(text, command);
  return 'newOrder';
}

function parseNewOrder(text: string, command: MatchingCommand): void {
  command.quantity = numberAfter(text, /(?:buy|sell) (-?\d+)/) ?? Number.NaN;
  command.orderType = orderType(text);
  command.timeInForce = TIME_WORDS.find(([word]) => has(text, word))?.[1] ?? TimeInForce.GoodTillCancel;
  command.flags = has(text, 'post-only') ? OrderFlags.PostOnly : 0;
  if (has(text, 'slide')) command.flags |= OrderFlags.PostOnlySlide;
  command.selfTradePrevention = PREVENTION_WORDS.indexOf(/stp (\w+)/.exec(text)?.[1] ?? '');
  command.stopPrice = number(text, 'stop') ?? Number.NaN;
  command.displayedQuantity = number(text, 'shows') ?? 0;
  command.minimumQuantity = number(text, 'min') ?? 0;
  command.expireTime = number(text, 'until') ?? 0;
  command.linkedOrderId = numberAfter(text, /(?:oco|ouo) #(\d+)/) ?? 0;
  if (has(text, 'oco')) command.contingency = Contingency.OneCancelsOther;
  if (has(text, 'ouo')) command.contingency = Contingency.OneUpdatesOther;
  command.takeProfitPrice = number(text, 'tp') ?? Number.NaN;
  command.stopLossPrice = number(text, 'sl') ?? Number.NaN;
  command.stopLossLimitPrice = number(text, 'sl-limit') ?? Number.NaN;
  const conditions = ['stop', 'shows', 'min', 'until', 'oco', 'ouo', 'tp', 'sl', 'sl-limit'];
  command.conditional = conditions.some((word) => has(text, word)) ? 1 : 0;
}

/** The command in the language above, as far as it can say it. */
export function describe(action: Action, command: MatchingCommand): string {
  const { orderId, side, quantity, price, timestamp, source, account, instrument } = command;
  const words: string[] = [];
  const add = (word: string, value: number, none = 0): void => {
    if (!Object.is(value, none)) words.push(`${word} ${value}`);
  };
  const sideWord = ['', 'buy', 'sell'][side] ?? `side ${side}`;
  if (action === 'newOrder') words.push(`#${orderId} ${sideWord} ${quantity}`, ...newOrderWords(command));
  if (action === 'amendOrder') words.push(`amend #${orderId} to ${quantity} @ ${price}`);
  if (action === 'amendOrder' && command.conditional !== 0) add('stop', command.stopPrice, Number.NaN);
  if (action === 'cancelOrder') words.push(`cancel #${orderId}`);
  if (action === 'massCancel') words.push(`mass cancel ${sideWord}`);
  if (action === 'setPhase') {
    words.push(`phase ${phaseName(command.phase)}`);
    add('reference', command.referencePrice, Number.NaN);
  }
  if (action === 'advanceTime') words.push(`time ${timestamp}`);
  add('account', account, 1);
  add('instrument', instrument, action === 'massCancel' ? ALL_INSTRUMENTS : 0);
  add('source', source);
  if (action !== 'advanceTime') add('time', timestamp, Number.NaN);
  return words.join(' ');
}

function newOrderWords(command: MatchingCommand): string[] {
  const words: string[] = [];
  const add = (word: string, value: number, none = 0): void => {
    if (!Object.is(value, none)) words.push(`${word} ${value}`);
  };
  const { orderType, timeInForce } = command;
  if (orderType === OrderType.Limit || orderType === OrderType.StopLimit) words.push(`@ ${command.price}`);
  else if (orderType === OrderType.Market) words.push('market');
  else if (orderType === OrderType.MarketToLimit) words.push('to-limit');
  else if (orderType !== OrderType.Stop) words.push(`type ${orderType}`);
  const word = TIME_WORDS.find(([, value]) => value === timeInForce)?.[0];
  if (word !== undefined && word !== 'until') words.push(word);
  if (word === undefined && timeInForce !== 1)
    words.push(TIME_IN_FORCE_NAMES[timeInForce] ?? `time in force ${timeInForce}`);
  if ((command.flags & OrderFlags.PostOnly) !== 0) words.push('post-only');
  if ((command.flags & OrderFlags.PostOnlySlide) !== 0) words.push('slide');
  const stp = command.selfTradePrevention;
  if (stp !== 0) words.push(`stp ${PREVENTION_WORDS[stp] ?? SELF_TRADE_PREVENTION_NAMES[stp] ?? stp}`);
  if (command.conditional === 0) return words;
  add('stop', command.stopPrice, Number.NaN);
  add('shows', command.displayedQuantity);
  add('min', command.minimumQuantity);
  add('until', command.expireTime);
  const link = ['link', 'oco', 'ouo'][command.contingency] ?? `contingency ${command.contingency}`;
  if (command.linkedOrderId !== 0 || command.contingency !== 0)
    words.push(`${link} #${command.linkedOrderId}`);
  add('tp', command.takeProfitPrice, Number.NaN);
  add('sl', command.stopLossPrice, Number.NaN);
  add('sl-limit', command.stopLossLimitPrice, Number.NaN);
  return words;
}

/** As the language has it: `opening-auction`. */
export function phaseName(phase: number): string {
  return TRADING_PHASE_NAMES[phase]?.toLowerCase().replace('_', '-') ?? `${phase}`;
}

function orderType(text: string): OrderType {
  if (has(text, 'market')) return OrderType.Market;
  if (has(text, 'to-limit')) return OrderType.MarketToLimit;
  if (has(text, 'stop')) return has(text, '@') ? OrderType.StopLimit : OrderType.Stop;
  return OrderType.Limit;
}

function has(text: string, word: string): boolean {
  return text.split(' ').includes(word);
}

function number(text: string, word: string): number | undefined {
  return numberAfter(text, new RegExp(`(?:^| )${word} (-?\\d+)`));
}

function numberAfter(text: string, pattern: RegExp): number | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : Number(match[1]);
}
