import { MATCHING_AGENTS, type MatchingAgentName } from '../lib/shards.js';

/**
 * Every counter and histogram of the process: names, meanings, places. Counters are an API: users alert on them.
 * A counter's place is its order here, within the section of its agent. `_total` counters only rise; others are gauges.
 */

/** Agents in section order. */
export const AGENT_NAMES = [
  'supervisor',
  'risk',
  ...MATCHING_AGENTS,
  'market-data',
  'strategies',
  'gateway',
  'publisher',
  'feed',
] as const;
export type AgentName = (typeof AGENT_NAMES)[number];

/** Counters that every agent has; kept by its runner. */
const COMMON = {
  duty_cycles_total: 'Duty cycles that did work',
  work_total: 'Units of work done (records, requests)',
  longest_cycle_nanoseconds: 'Longest duty cycle of its thread',
  ring_full_total: 'Times an output ring had no room',
  log_lost_total: 'Log records lost because the log ring was full',
  errors_total: 'Errors caught at the agent boundary',
} as const;

/** Every shard has its own. */
const MATCHING = {
  commands_total: 'Commands matched',
  trades_total: 'Trades',
  reports_total: 'Execution reports',
  statuses_total: 'Phase changes and indicative prices',
  resting_orders: 'Orders on the books',
  event_sequence: 'Last event sequence number',
  event_wait_total: 'Times matching waited for room on the event ring',
} as const;

const OWN = {
  supervisor: {
    restarts_total: 'Worker restarts',
    stalls_total: 'Worker stalls reported',
  },
  risk: {
    commands_total: 'Commands taken in',
    sequenced_total: 'Commands sequenced and passed to matching',
    rejected_total: 'Commands refused by a risk check',
    malformed_total: 'Records on a command ring that are no commands, skipped',
    events_total: 'Events of matching taken in',
    positions_total: 'Position updates published',
    active_positions: 'Positions that are not flat',
    open_orders: 'Orders believed open',
    sequence: 'Last sequence number given out',
  },
  matching: MATCHING,
  'matching-2': MATCHING,
  'matching-3': MATCHING,
  'matching-4': MATCHING,
  'market-data': {
    events_total: 'Events of matching taken in',
    updates_total: 'Book updates published',
    trades_total: 'Public trades published',
    snapshots_total: 'Book snapshots published',
    statuses_total: 'Phases and indicative prices published',
  },
  strategies: {
    orders_total: 'Orders sent',
    cancels_total: 'Cancels sent',
    amends_total: 'Amends sent',
    fills_total: 'Fills received',
    rejects_total: 'Orders refused',
    disabled: 'Strategies switched off after an error',
    laps_total: 'Times market data were lost',
  },
  gateway: {
    http_requests_total: 'HTTP requests',
    http_errors_total: 'HTTP replies with status 4xx or 5xx',
    http_aborted_total: 'HTTP requests whose client went away',
    orders_total: 'Order commands sent to risk',
    orders_processed_total: 'Order commands answered',
    execution_errors_total: 'Order commands refused or failed',
    websocket_clients: 'WebSocket clients connected',
    websocket_messages_total: 'WebSocket messages received',
    websocket_sent_total: 'WebSocket messages sent',
    websocket_dropped_total: 'WebSocket messages not sent because a client did not read',
    laps_total: 'Times market data were lost and resynchronised',
    disconnect_cancels_total: 'Cancels sent because the session of the order was over',
    disconnect_cancels_refused_total: 'Those of them that were refused, and are sent again',
    disconnect_ring_full_total: 'Times they had to wait for room on the command ring',
    shed_total: 'Requests refused because the command ring was full',
    port: 'TCP port that it listens on',
  },
  publisher: {
    trades_total: 'Trade messages sent',
    books_total: 'Book messages sent',
    orders_total: 'Order event messages sent',
    positions_total: 'Position messages sent',
    binary_total: 'Binary messages sent',
    send_errors_total: 'Messages that zeromq refused',
    laps_total: 'Times an input ring lapped the publisher',
    lost_bytes_total: 'Bytes of records lost to laps',
  },
  feed: {
    messages_total: 'Venue messages received',
    fallback_total: 'Messages that needed the full parser',
    malformed_total: 'Messages that could not be parsed',
    gaps_total: 'Sequence gaps',
    resyncs_total: 'Book resynchronisations',
    crossed_total: 'Updates that left a book crossed',
    reconnects_total: 'Connections lost and made again',
    overflows_total: 'Connections given up because their queue was full',
    snapshot_requests_total: 'Depth snapshots asked for',
    snapshot_failures_total: 'Depth snapshots that did not come or were none',
    connections: 'Venue connections that are open',
    sequence: 'Last sequence number on the feed ring',
  },
} as const satisfies Record<AgentName, Record<string, string>>;

type Common = keyof typeof COMMON;
export type CounterName<A extends AgentName> = Common | Extract<keyof (typeof OWN)[A], string>;

/** One counter as readers see it. */
export interface CounterDefinition {
  readonly agent: AgentName;
  readonly name: string;
  readonly help: string;
  /** Place within the agent's section. */
  readonly index: number;
}

/** Counters of one agent at the most. */
export const SECTION_COUNTERS = 64;

/** All counters of one agent, in place order. */
export function countersOf(agent: AgentName): CounterDefinition[] {
  const all: Record<string, string> = { ...COMMON, ...OWN[agent] };
  return Object.entries(all).map(([name, help], index) => ({ agent, name, help, index }));
}

/** Places by name: `const C = counterIds('risk'); counters.add(C.rejected_total, 1)`. Evaluate once, at load. */
export function counterIds<A extends AgentName>(agent: A): Readonly<Record<CounterName<A>, number>> {
  const ids = Object.fromEntries(countersOf(agent).map(({ name, index }) => [name, index]));
  return Object.freeze(ids) as Readonly<Record<CounterName<A>, number>>;
}

/** Latency histograms, nanoseconds. Each is written by one agent. */
export const HISTOGRAMS = {
  edge_to_risk: 'From the edge taking in a command to risk sequencing it',
  risk_to_matching: 'From sequencing to the start of matching',
  risk_to_matching_2: 'The same in the second shard',
  risk_to_matching_3: 'The same in the third shard',
  risk_to_matching_4: 'The same in the fourth shard',
  risk_to_gateway: 'From sequencing to the gateway reading the answer',
  order: 'From the gateway taking in an order to its answer being sent',
  risk_to_strategy: 'From sequencing to the strategy reading the answer',
  market_to_publisher: 'From a market record to its message being sent',
  feed_to_book: 'From receiving venue bytes to the updated book being published',
} as const;
export type HistogramName = keyof typeof HISTOGRAMS;
export const HISTOGRAM_NAMES = Object.keys(HISTOGRAMS) as HistogramName[];

/** What each shard writes of {@link HISTOGRAMS}: one writer a histogram. */
export const RISK_TO_MATCHING: Readonly<Record<MatchingAgentName, HistogramName>> = {
  matching: 'risk_to_matching',
  'matching-2': 'risk_to_matching_2',
  'matching-3': 'risk_to_matching_3',
  'matching-4': 'risk_to_matching_4',
};
