// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.

/** Upper-case names indexed by value; undefined where no name has the value. */
function byValue(values: Readonly<Record<string, number>>): readonly (string | undefined)[] {
  const names: (string | undefined)[] = new Array(Math.max(...Object.values(values)) + 1).fill(undefined);
  for (const [name, value] of Object.entries(values)) names[value] = name;
  return Object.freeze(names);
}

export const MessageType = {
  None: 0,
  NewOrder: 1,
  AmendOrder: 2,
  CancelOrder: 3,
  MassCancel: 4,
  SetPhase: 5,
  AdvanceTime: 6,
  ExecutionReport: 16,
  Trade: 17,
  InstrumentStatus: 18,
  BookUpdate: 32,
  BookSnapshot: 33,
  MarketTrade: 34,
  Features: 35,
  FeedStatus: 36,
  MarketStatus: 37,
  PositionUpdate: 48,
  InstrumentDefinition: 64,
  Control: 80,
  LogRecord: 96,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];
export const MESSAGE_TYPE_NAMES = byValue({
  NONE: 0,
  NEW_ORDER: 1,
  AMEND_ORDER: 2,
  CANCEL_ORDER: 3,
  MASS_CANCEL: 4,
  SET_PHASE: 5,
  ADVANCE_TIME: 6,
  EXECUTION_REPORT: 16,
  TRADE: 17,
  INSTRUMENT_STATUS: 18,
  BOOK_UPDATE: 32,
  BOOK_SNAPSHOT: 33,
  MARKET_TRADE: 34,
  FEATURES: 35,
  FEED_STATUS: 36,
  MARKET_STATUS: 37,
  POSITION_UPDATE: 48,
  INSTRUMENT_DEFINITION: 64,
  CONTROL: 80,
  LOG_RECORD: 96,
});

export const Side = {
  None: 0,
  Buy: 1,
  Sell: 2,
} as const;
export type Side = (typeof Side)[keyof typeof Side];
export const SIDE_NAMES = byValue({
  NONE: 0,
  BUY: 1,
  SELL: 2,
});

export const OrderType = {
  None: 0,
  Limit: 1,
  Market: 2,
  Stop: 3,
  StopLimit: 4,
  MarketToLimit: 5,
} as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];
export const ORDER_TYPE_NAMES = byValue({
  NONE: 0,
  LIMIT: 1,
  MARKET: 2,
  STOP: 3,
  STOP_LIMIT: 4,
  MARKET_TO_LIMIT: 5,
});

export const TimeInForce = {
  None: 0,
  GoodTillCancel: 1,
  ImmediateOrCancel: 2,
  FillOrKill: 3,
  Day: 4,
  GoodTillDate: 5,
  AtTheOpen: 6,
  AtTheClose: 7,
} as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];
export const TIME_IN_FORCE_NAMES = byValue({
  NONE: 0,
  GOOD_TILL_CANCEL: 1,
  IMMEDIATE_OR_CANCEL: 2,
  FILL_OR_KILL: 3,
  DAY: 4,
  GOOD_TILL_DATE: 5,
  AT_THE_OPEN: 6,
  AT_THE_CLOSE: 7,
});

export const SelfTradePrevention = {
  None: 0,
  CancelNewest: 1,
  CancelOldest: 2,
  CancelBoth: 3,
  Decrement: 4,
} as const;
export type SelfTradePrevention = (typeof SelfTradePrevention)[keyof typeof SelfTradePrevention];
export const SELF_TRADE_PREVENTION_NAMES = byValue({
  NONE: 0,
  CANCEL_NEWEST: 1,
  CANCEL_OLDEST: 2,
  CANCEL_BOTH: 3,
  DECREMENT: 4,
});

export const Contingency = {
  None: 0,
  OneCancelsOther: 1,
  OneUpdatesOther: 2,
} as const;
export type Contingency = (typeof Contingency)[keyof typeof Contingency];
export const CONTINGENCY_NAMES = byValue({
  NONE: 0,
  ONE_CANCELS_OTHER: 1,
  ONE_UPDATES_OTHER: 2,
});

export const TradingPhase = {
  None: 0,
  PreOpen: 1,
  OpeningAuction: 2,
  Continuous: 3,
  VolatilityAuction: 4,
  Halt: 5,
  ClosingAuction: 6,
  Closed: 7,
} as const;
export type TradingPhase = (typeof TradingPhase)[keyof typeof TradingPhase];
export const TRADING_PHASE_NAMES = byValue({
  NONE: 0,
  PRE_OPEN: 1,
  OPENING_AUCTION: 2,
  CONTINUOUS: 3,
  VOLATILITY_AUCTION: 4,
  HALT: 5,
  CLOSING_AUCTION: 6,
  CLOSED: 7,
});

/** Masks of StatusFlags bits. */
export const StatusFlags = {
  Indicative: 1,
  LastPrice: 2,
  ReferencePrice: 4,
} as const;
export type StatusFlags = number;
/** Indexed by bit position. */
export const STATUS_FLAGS_NAMES = byValue({
  INDICATIVE: 0,
  LAST_PRICE: 1,
  REFERENCE_PRICE: 2,
});

export const ExecutionType = {
  None: 0,
  New: 1,
  Canceled: 2,
  Replaced: 3,
  Rejected: 4,
  CancelRejected: 5,
  MassCanceled: 6,
  Triggered: 7,
  Restated: 8,
  Completed: 9,
} as const;
export type ExecutionType = (typeof ExecutionType)[keyof typeof ExecutionType];
export const EXECUTION_TYPE_NAMES = byValue({
  NONE: 0,
  NEW: 1,
  CANCELED: 2,
  REPLACED: 3,
  REJECTED: 4,
  CANCEL_REJECTED: 5,
  MASS_CANCELED: 6,
  TRIGGERED: 7,
  RESTATED: 8,
  COMPLETED: 9,
});

export const OrderStatus = {
  None: 0,
  New: 1,
  PartiallyFilled: 2,
  Filled: 3,
  Canceled: 4,
  Rejected: 5,
} as const;
export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];
export const ORDER_STATUS_NAMES = byValue({
  NONE: 0,
  NEW: 1,
  PARTIALLY_FILLED: 2,
  FILLED: 3,
  CANCELED: 4,
  REJECTED: 5,
});

export const Reason = {
  None: 0,
  KillSwitch: 1,
  UnknownInstrument: 2,
  UnknownAccount: 3,
  InvalidQuantity: 4,
  InvalidPrice: 5,
  OrderQuantityLimit: 6,
  OrderNotionalLimit: 7,
  PriceCollar: 8,
  PositionLimit: 9,
  OpenOrderLimit: 10,
  RateLimit: 11,
  DuplicateClientOrderId: 12,
  DuplicateOrderId: 13,
  NotOrderOwner: 14,
  Malformed: 15,
  ReferencePriceMissing: 16,
  RiskCapacity: 17,
  InstrumentHalted: 18,
  CurrencyNotionalLimit: 19,
  CurrencyPositionLimit: 20,
  InsufficientBalance: 21,
  InitialMargin: 22,
  MaintenanceMargin: 23,
  FatFingerLast: 24,
  FatFingerTouch: 25,
  MessageRate: 26,
  CancelToTrade: 27,
  DailyLoss: 28,
  Drawdown: 29,
  CircuitBreaker: 30,
  ReducingOnly: 31,
  AccountHalted: 32,
  RestrictedInstrument: 33,
  UnsupportedByRisk: 34,
  UnknownOrder: 64,
  WouldCross: 65,
  NoLiquidity: 66,
  FillOrKillUnfilled: 67,
  ImmediateRemainder: 68,
  UserRequested: 69,
  MassCancelRequested: 70,
  BookCapacity: 71,
  UnsupportedOrder: 72,
  AmendBelowFilled: 73,
  NotInThisPhase: 74,
  MinimumQuantityUnfilled: 75,
  SelfTradePrevented: 76,
  Expired: 77,
  SessionEnded: 78,
  AuctionRemainder: 79,
  LinkedOrderFilled: 80,
  LinkedOrderUnavailable: 81,
  StaticPriceBand: 82,
  DynamicPriceBand: 83,
  InvalidConditions: 84,
  InvalidPhase: 85,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];
export const REASON_NAMES = byValue({
  NONE: 0,
  KILL_SWITCH: 1,
  UNKNOWN_INSTRUMENT: 2,
  UNKNOWN_ACCOUNT: 3,
  INVALID_QUANTITY: 4,
  INVALID_PRICE: 5,
  ORDER_QUANTITY_LIMIT: 6,
  ORDER_NOTIONAL_LIMIT: 7,
  PRICE_COLLAR: 8,
  POSITION_LIMIT: 9,
  OPEN_ORDER_LIMIT: 10,
  RATE_LIMIT: 11,
  DUPLICATE_CLIENT_ORDER_ID: 12,
  DUPLICATE_ORDER_ID: 13,
  NOT_ORDER_OWNER: 14,
  MALFORMED: 15,
  REFERENCE_PRICE_MISSING: 16,
  RISK_CAPACITY: 17,
  INSTRUMENT_HALTED: 18,
  CURRENCY_NOTIONAL_LIMIT: 19,
  CURRENCY_POSITION_LIMIT: 20,
  INSUFFICIENT_BALANCE: 21,
  INITIAL_MARGIN: 22,
  MAINTENANCE_MARGIN: 23,
  FAT_FINGER_LAST: 24,
  FAT_FINGER_TOUCH: 25,
  MESSAGE_RATE: 26,
  CANCEL_TO_TRADE: 27,
  DAILY_LOSS: 28,
  DRAWDOWN: 29,
  CIRCUIT_BREAKER: 30,
  REDUCING_ONLY: 31,
  ACCOUNT_HALTED: 32,
  RESTRICTED_INSTRUMENT: 33,
  UNSUPPORTED_BY_RISK: 34,
  UNKNOWN_ORDER: 64,
  WOULD_CROSS: 65,
  NO_LIQUIDITY: 66,
  FILL_OR_KILL_UNFILLED: 67,
  IMMEDIATE_REMAINDER: 68,
  USER_REQUESTED: 69,
  MASS_CANCEL_REQUESTED: 70,
  BOOK_CAPACITY: 71,
  UNSUPPORTED_ORDER: 72,
  AMEND_BELOW_FILLED: 73,
  NOT_IN_THIS_PHASE: 74,
  MINIMUM_QUANTITY_UNFILLED: 75,
  SELF_TRADE_PREVENTED: 76,
  EXPIRED: 77,
  SESSION_ENDED: 78,
  AUCTION_REMAINDER: 79,
  LINKED_ORDER_FILLED: 80,
  LINKED_ORDER_UNAVAILABLE: 81,
  STATIC_PRICE_BAND: 82,
  DYNAMIC_PRICE_BAND: 83,
  INVALID_CONDITIONS: 84,
  INVALID_PHASE: 85,
});

/** Masks of OrderFlags bits. */
export const OrderFlags = {
  PostOnly: 1,
  PostOnlySlide: 2,
} as const;
export type OrderFlags = number;
/** Indexed by bit position. */
export const ORDER_FLAGS_NAMES = byValue({
  POST_ONLY: 0,
  POST_ONLY_SLIDE: 1,
});

/** Masks of EventFlags bits. */
export const EventFlags = {
  EndOfCommand: 1,
  Resting: 2,
  PostOnly: 4,
  Answer: 8,
  Auction: 16,
  Conditional: 32,
} as const;
export type EventFlags = number;
/** Indexed by bit position. */
export const EVENT_FLAGS_NAMES = byValue({
  END_OF_COMMAND: 0,
  RESTING: 1,
  POST_ONLY: 2,
  ANSWER: 3,
  AUCTION: 4,
  CONDITIONAL: 5,
});

/** Masks of ConditionFlags bits. */
export const ConditionFlags = {
  StopPrice: 1,
  TakeProfit: 2,
  StopLoss: 4,
  StopLossLimit: 8,
} as const;
export type ConditionFlags = number;
/** Indexed by bit position. */
export const CONDITION_FLAGS_NAMES = byValue({
  STOP_PRICE: 0,
  TAKE_PROFIT: 1,
  STOP_LOSS: 2,
  STOP_LOSS_LIMIT: 3,
});

/** Masks of BookFlags bits. */
export const BookFlags = {
  LastChunk: 1,
  Synced: 2,
  Continued: 4,
} as const;
export type BookFlags = number;
/** Indexed by bit position. */
export const BOOK_FLAGS_NAMES = byValue({
  LAST_CHUNK: 0,
  SYNCED: 1,
  CONTINUED: 2,
});

export const SyncState = {
  Disconnected: 0,
  Buffering: 1,
  Synced: 2,
  Stale: 3,
  Resync: 4,
} as const;
export type SyncState = (typeof SyncState)[keyof typeof SyncState];
export const SYNC_STATE_NAMES = byValue({
  DISCONNECTED: 0,
  BUFFERING: 1,
  SYNCED: 2,
  STALE: 3,
  RESYNC: 4,
});

export const SyncReason = {
  None: 0,
  Connected: 1,
  SnapshotApplied: 2,
  SequenceGap: 3,
  CrossedBook: 4,
  StaleData: 5,
  Disconnected: 6,
  SnapshotTooOld: 7,
  BadMessage: 8,
  Capacity: 9,
  StreamEnd: 10,
  DepthHorizon: 11,
} as const;
export type SyncReason = (typeof SyncReason)[keyof typeof SyncReason];
export const SYNC_REASON_NAMES = byValue({
  NONE: 0,
  CONNECTED: 1,
  SNAPSHOT_APPLIED: 2,
  SEQUENCE_GAP: 3,
  CROSSED_BOOK: 4,
  STALE_DATA: 5,
  DISCONNECTED: 6,
  SNAPSHOT_TOO_OLD: 7,
  BAD_MESSAGE: 8,
  CAPACITY: 9,
  STREAM_END: 10,
  DEPTH_HORIZON: 11,
});

export const ControlAction = {
  None: 0,
  StopAccepting: 1,
  Drain: 2,
  EngageKillSwitch: 3,
  ReleaseKillSwitch: 4,
  SessionStart: 5,
  SessionEnd: 6,
} as const;
export type ControlAction = (typeof ControlAction)[keyof typeof ControlAction];
export const CONTROL_ACTION_NAMES = byValue({
  NONE: 0,
  STOP_ACCEPTING: 1,
  DRAIN: 2,
  ENGAGE_KILL_SWITCH: 3,
  RELEASE_KILL_SWITCH: 4,
  SESSION_START: 5,
  SESSION_END: 6,
});

export const LogLevel = {
  None: 0,
  Trace: 10,
  Debug: 20,
  Info: 30,
  Warn: 40,
  Error: 50,
  Fatal: 60,
} as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];
export const LOG_LEVEL_NAMES = byValue({
  NONE: 0,
  TRACE: 10,
  DEBUG: 20,
  INFO: 30,
  WARN: 40,
  ERROR: 50,
  FATAL: 60,
});
