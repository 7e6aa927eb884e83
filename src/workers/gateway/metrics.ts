import { MATCHING_AGENTS, shardOfAgent } from '../../lib/shards.js';
import type { CounterValue, TelemetryReader } from '../../telemetry/board.js';
import type { HistogramReader } from '../../telemetry/histogram.js';
import {
  AGENT_NAMES,
  type AgentName,
  counterIds,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
  type HistogramName,
  RISK_TO_MATCHING,
} from '../../telemetry/registry.js';

/** Prometheus text exposition format 0.0.4. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const QUANTILES = [0.5, 0.9, 0.99, 0.999, 1];

/** What the gateway alone knows at this moment. */
export interface GatewayState {
  /** Shards of matching. */
  readonly shards: number;
  /** Bytes in the gateway's rings that their consumer has still to read. */
  readonly rings: Readonly<Record<string, number>>;
  readonly connections: number;
  readonly pendingCommands: number;
  readonly orders: number;
  readonly openOrders: number;
}

/** One metric: its head, then its samples. */
class Exposition {
  #text = '';

  head(name: string, type: 'counter' | 'gauge' | 'summary', help: string): void {
    this.#text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  }

  sample(name: string, labels: string, value: number): void {
    this.#text += `${name}${labels === '' ? '' : `{${labels}}`} ${value}\n`;
  }

  counter(name: string, help: string, value: number): void {
    this.head(name, name.endsWith('_total') ? 'counter' : 'gauge', help);
    this.sample(name, '', value);
  }

  /** Samples of a summary in microseconds from nanoseconds. */
  summary(name: string, labels: string, histogram: HistogramReader): void {
    const separator = labels === '' ? '' : ',';
    const { count } = histogram;
    for (const quantile of QUANTILES) {
      const value = count === 0 ? Number.NaN : histogram.quantile(quantile) / 1000;
      this.sample(name, `${labels}${separator}quantile="${quantile}"`, value);
    }
    this.sample(`${name}_sum`, labels, histogram.sum / 1000);
    this.sample(`${name}_count`, labels, count);
  }

  get text(): string {
    return this.#text;
  }
}

/**
 * All counters and latencies of the process. Four names without prefix are what dashboards ask for first; all others are
 * `millrace_<agent>_<counter>`, and those that every agent has `millrace_<counter>{agent="..."}`. Several shards of matching are told apart
 * by the label `agent` too: `millrace_matching_<counter>{agent="matching-2"}`.
 */
export function metricsText(telemetry: TelemetryReader, state: GatewayState): string {
  const out = new Exposition();
  writeHeadlines(out, telemetry);
  const common = new Map<string, { help: string; values: [AgentName, number][] }>();
  const { shards } = state;
  for (const agent of AGENT_NAMES) {
    if (shardOfAgent(agent) < shards) writeAgent(out, agent, telemetry.counters(agent), common, shards);
  }
  for (const [name, { help, values }] of common) {
    out.head(`millrace_${name}`, name.endsWith('_total') ? 'counter' : 'gauge', help);
    for (const [agent, value] of values) out.sample(`millrace_${name}`, `agent="${agent}"`, value);
  }
  const hop = 'millrace_hop_latency_microseconds';
  const idle: readonly HistogramName[] = MATCHING_AGENTS.slice(shards).map(
    (agent) => RISK_TO_MATCHING[agent],
  );
  const names = HISTOGRAM_NAMES.filter((name) => !idle.includes(name));
  const meanings = names.map((name) => `${name}: ${HISTOGRAMS[name]}`).join('; ');
  out.head(hop, 'summary', `Latency of each hop in microseconds since start (${meanings})`);
  for (const name of names) out.summary(hop, `hop="${name}"`, telemetry.histogram(name));
  out.head('millrace_ring_bytes', 'gauge', 'Bytes in a ring that a consumer has still to read');
  for (const [ring, bytes] of Object.entries(state.rings)) {
    out.sample('millrace_ring_bytes', `ring="${ring}"`, bytes);
  }
  out.counter('millrace_gateway_connections', 'Connections open, WebSocket included', state.connections);
  out.counter(
    'millrace_gateway_pending_commands',
    'Commands that wait for their answer',
    state.pendingCommands,
  );
  out.counter('millrace_gateway_stored_orders', 'Orders kept, open and closed', state.orders);
  out.counter('millrace_gateway_stored_open_orders', 'Orders kept that are open', state.openOrders);
  return out.text;
}

function writeHeadlines(out: Exposition, telemetry: TelemetryReader): void {
  const gateway = counterIds('gateway');
  const value = (id: number) => telemetry.value('gateway', id);
  out.counter('orders_processed_total', 'Order commands answered', value(gateway.orders_processed_total));
  out.counter(
    'execution_errors_total',
    'Order commands refused or failed',
    value(gateway.execution_errors_total),
  );
  const positions = telemetry.value('risk', counterIds('risk').active_positions);
  out.counter('active_positions', 'Positions that are not flat', positions);
  out.head('order_latency_microseconds', 'summary', `${HISTOGRAMS.order}, microseconds since start`);
  out.summary('order_latency_microseconds', '', telemetry.histogram('order'));
}

/**
 * Writes what only this agent has; what all have, or all shards of matching when there are several, is collected by name, since a
 * metric's samples must stand together.
 */
function writeAgent(
  out: Exposition,
  agent: AgentName,
  counters: readonly CounterValue[],
  common: Map<string, { help: string; values: [AgentName, number][] }>,
  shards: number,
): void {
  const isShard = shards > 1 && shardOfAgent(agent) >= 0;
  for (const { name, help, value } of counters) {
    if (isShard || COMMON.has(name)) {
      const key = COMMON.has(name) ? name : `matching_${name}`;
      const entry = common.get(key) ?? { help, values: [] };
      entry.values.push([agent, value]);
      common.set(key, entry);
    } else out.counter(`millrace_${agent.replace('-', '_')}_${name}`, help, value);
  }
}

/** Counters that every agent has. */
const COMMON = new Set(
  AGENT_NAMES.map((agent) => Object.keys(counterIds(agent))).reduce((shared, names) =>
    shared.filter((name) => names.includes(name)),
  ),
);
