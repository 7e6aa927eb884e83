import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/load.js';
import { RingProducer } from '../../src/ring/producer.js';
import { type CollectedLine, collectLog } from '../../src/telemetry/agent-log.js';
import { TelemetryReader } from '../../src/telemetry/board.js';
import { type CounterName, counterIds } from '../../src/telemetry/registry.js';
import { planThreads, type RingName } from '../../src/topology.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { create, ENDPOINTS, type EndpointName } from '../../src/workers/publisher-agent.js';
import { createSystem, type System } from '../../src/workers/system.js';

export type Endpoints = Record<EndpointName, string>;

const IDS = counterIds('publisher');

/** Loopback endpoints on free ports. */
export const FREE_PORTS: readonly string[] = ENDPOINTS.map((name) => `--publisher.${name}=tcp://127.0.0.1:0`);

/** A system with the default instruments and all its shared memory, in which nothing runs. */
export function systemOf(flags: readonly string[]): System {
  return createSystem(loadConfig({ env: {}, flags: [...FREE_PORTS, ...flags] }).config, 1);
}

/** Place of the publisher's thread in the plan. */
export function publisherThread(system: System): number {
  return planThreads(system.config, 1).findIndex(({ agents }) => agents.includes('publisher'));
}

/** The real publisher agent on the calling thread; the test writes its rings and calls its duty cycles. */
export class PublisherRig {
  readonly system: System;
  readonly agent: ReturnType<typeof create>;
  readonly lines: CollectedLine[] = [];
  readonly #telemetry: TelemetryReader;
  readonly #producers = new Map<RingName, RingProducer>();

  constructor(flags: readonly string[] = [], restarted = false) {
    this.system = systemOf(flags);
    const thread = new ThreadContext(this.system, publisherThread(this.system));
    const log = collectLog(this.lines);
    this.agent = create({ ...thread.contextOf('publisher'), log, restarted });
    this.#telemetry = new TelemetryReader(this.system.telemetry);
  }

  static async start(flags: readonly string[] = []): Promise<PublisherRig> {
    const rig = new PublisherRig(flags);
    await rig.agent.start?.(0);
    return rig;
  }

  producer(ring: RingName): RingProducer {
    const known = this.#producers.get(ring);
    if (known !== undefined) return known;
    const handle = this.system.rings[ring];
    if (handle === undefined) throw new Error(`no ring ${ring}`);
    const producer = new RingProducer(handle);
    this.#producers.set(ring, producer);
    return producer;
  }

  /** Where the agent says that its sockets are bound. */
  get endpoints(): Endpoints {
    const line = this.lines.find(({ message }) => message === 'publisher bound');
    if (line === undefined) throw new Error('the publisher has bound nothing');
    return line.fields as unknown as Endpoints;
  }

  counter(name: CounterName<'publisher'>): number {
    return this.#telemetry.value('publisher', IDS[name]);
  }

  /** Duty cycles until one does nothing. */
  settle(now: number): void {
    while (this.agent.doWork(now) > 0);
  }

  async close(): Promise<void> {
    await this.agent.close?.();
  }
}

/** A message as the subscriber process got it; frames in latin1. */
export interface Received {
  readonly endpoint: string;
  readonly frames: readonly string[];
}

/** A real subscriber in a process of its own. */
export class RemoteSubscriber {
  readonly received: Received[] = [];
  readonly child: ChildProcess;

  constructor(endpoints: readonly string[]) {
    const script = fileURLToPath(new URL('../publisher/subscriber-child.js', import.meta.url));
    this.child = fork(script, [...endpoints], { serialization: 'advanced' });
    this.child.on('message', (messages) => this.received.push(...(messages as Received[])));
  }

  /** Messages of one endpoint so far. */
  from(endpoint: string): Received[] {
    return this.received.filter((one) => one.endpoint === endpoint);
  }

  /** Calls `poke` again and again until `done` says so. A subscription takes a while to reach the publisher. */
  async until(done: () => boolean, poke: () => void = () => {}): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!done()) {
      if (Date.now() > deadline) throw new Error(`subscriber got only ${this.received.length} messages`);
      poke();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
