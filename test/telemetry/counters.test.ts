import { describe, expect, it } from 'vitest';
import {
  CounterWriter,
  createTelemetry,
  histogramWriter,
  TelemetryReader,
} from '../../src/telemetry/board.js';
import {
  AGENT_NAMES,
  type AgentName,
  counterIds,
  countersOf,
  HISTOGRAM_NAMES,
  HISTOGRAMS,
  SECTION_COUNTERS,
} from '../../src/telemetry/registry.js';

/** Names that users alert on. One that goes or is renamed has to go here as well: a decision, not an accident. */
const COMMON =
  'duty_cycles_total work_total longest_cycle_nanoseconds ring_full_total log_lost_total errors_total'.split(
    ' ',
  );
const MATCHING = 'commands_total trades_total reports_total resting_orders event_sequence event_wait_total';
const OWN: Readonly<Record<AgentName, string>> = {
  supervisor: 'restarts_total stalls_total',
  risk: 'commands_total sequenced_total rejected_total events_total positions_total active_positions open_orders sequence',
  matching: MATCHING,
  'matching-2': MATCHING,
  'matching-3': MATCHING,
  'matching-4': MATCHING,
  'market-data': 'events_total updates_total trades_total snapshots_total',
  strategies: 'orders_total cancels_total fills_total rejects_total disabled laps_total',
  gateway:
    'http_requests_total http_errors_total http_aborted_total orders_total orders_processed_total ' +
    'execution_errors_total websocket_clients websocket_messages_total websocket_sent_total websocket_dropped_total ' +
    'laps_total shed_total port',
  publisher:
    'trades_total books_total orders_total positions_total binary_total send_errors_total laps_total lost_bytes_total',
  feed: 'messages_total fallback_total malformed_total gaps_total resyncs_total crossed_total reconnects_total',
};
const HISTOGRAM_LIST =
  'edge_to_risk risk_to_matching risk_to_gateway order risk_to_strategy market_to_publisher feed_to_book';

const namesOf = (agent: AgentName): string[] => countersOf(agent).map(({ name }) => name);

describe('names', () => {
  it.each(AGENT_NAMES)('of %s are an API and stay', (agent) => {
    expect(namesOf(agent)).toEqual(expect.arrayContaining([...COMMON, ...OWN[agent].split(' ')]));
  });

  it('of histograms are an API and stay', () => {
    expect(HISTOGRAM_NAMES).toEqual(expect.arrayContaining(HISTOGRAM_LIST.split(' ')));
  });

  it('are unique within an agent, fit its section, and each has an explanation', () => {
    for (const agent of AGENT_NAMES) {
      const counters = countersOf(agent);
      expect(new Set(counters.map(({ name }) => name)).size).toBe(counters.length);
      expect(counters.map(({ index }) => index)).toEqual(counters.map((_, place) => place));
      expect(counters.length).toBeLessThanOrEqual(SECTION_COUNTERS);
      for (const { name, help } of counters) {
        expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(help.length).toBeGreaterThan(3);
      }
    }
    for (const help of Object.values(HISTOGRAMS)) expect(help.length).toBeGreaterThan(3);
  });

  it('counters that every agent has stand at the same places', () => {
    for (const agent of AGENT_NAMES) {
      expect(namesOf(agent).slice(0, COMMON.length)).toEqual(COMMON);
      expect(counterIds(agent).work_total).toBe(COMMON.indexOf('work_total'));
    }
  });
});

describe('the board', () => {
  it('keeps every counter and histogram apart', () => {
    const handle = createTelemetry();
    const reader = new TelemetryReader(handle);
    let value = 1;
    for (const agent of AGENT_NAMES) {
      const writer = new CounterWriter(handle, agent);
      for (const { index } of countersOf(agent)) writer.set(index, value++);
    }
    HISTOGRAM_NAMES.forEach((name, place) => {
      const writer = histogramWriter(handle, name);
      for (let n = 0; n <= place; n++) writer.record(1000 + place);
      writer.record(1e12);
    });
    let expected = 1;
    for (const agent of AGENT_NAMES) {
      for (const counter of reader.counters(agent)) {
        expect([agent, counter.name, counter.value]).toEqual([agent, counter.name, expected++]);
        expect(reader.value(agent, counter.index)).toBe(counter.value);
      }
    }
    HISTOGRAM_NAMES.forEach((name, place) => {
      const histogram = reader.histogram(name);
      expect([histogram.count, histogram.maximum]).toEqual([place + 2, 1e12]);
      expect(histogram.sum).toBe((place + 1) * (1000 + place) + 1e12);
    });
  });

  it('adds, sets and raises', () => {
    const writer = new CounterWriter(createTelemetry(), 'risk');
    const id = counterIds('risk').sequence;
    writer.add(id, 5);
    writer.add(id, 2 ** 40);
    expect(writer.get(id)).toBe(2 ** 40 + 5);
    writer.set(id, 10);
    writer.max(id, 7);
    expect(writer.get(id)).toBe(10);
    writer.max(id, 12);
    expect(writer.get(id)).toBe(12);
  });

  it('sections of different writers start on lines of their own', () => {
    expect((SECTION_COUNTERS * 8) % 128).toBe(0);
    expect(createTelemetry().buffer.byteLength % 128).toBe(0);
  });
});
