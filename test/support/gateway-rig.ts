import { join } from 'node:path';
import type { Agent } from '../../src/agent/agent.js';
import { runIo } from '../../src/agent/io-runner.js';
import { Phase, ThreadState } from '../../src/agent/thread-board.js';
import { loadConfig } from '../../src/config/load.js';
import { matchingAgents } from '../../src/config/shards.js';
import { type CollectedLine, collectLog } from '../../src/telemetry/agent-log.js';
import { TelemetryReader } from '../../src/telemetry/board.js';
import { type AgentName, type CounterName, counterIds } from '../../src/telemetry/registry.js';
import type { AgentContext } from '../../src/workers/context.js';
import { ThreadContext } from '../../src/workers/entry-context.js';
import { create as createGateway, type GatewayAgent } from '../../src/workers/gateway-agent.js';
import { create as createMarketData } from '../../src/workers/market-data-agent.js';
import { type BuildMatching, create as createMatching } from '../../src/workers/matching-agent.js';
import { create as createRisk } from '../../src/workers/risk-agent.js';
import { createSystem, type System } from '../../src/workers/system.js';
import { temporaryDirectory } from './temporary.js';

/** What a test configuration has in the place of the simulated market: nobody trades but the test. */
const QUIET = ['--publisher.enabled=false', '--simulation.enabled=false', '--gateway.port=0'];

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // Replies are checked against the OpenAPI document in their own test.
  readonly body: Record<string, unknown>;
}

/**
 * The real gateway, risk, matching and market-data agents on the calling thread, driven by the real I/O loop, with live
 * sockets on a free port.
 */
export class GatewayRig {
  readonly system: System;
  readonly lines: CollectedLine[] = [];
  gateway: GatewayAgent;
  readonly #core: readonly Agent[];
  readonly #agents: Agent[];
  readonly #thread: ThreadContext;
  readonly #telemetry: TelemetryReader;
  /** Gateways whose sockets have still to be closed. */
  readonly #dead: GatewayAgent[] = [];
  #running: Promise<void> | undefined;
  readonly #folder = temporaryDirectory();

  /** `build`: what matches, the engine unless a test puts another in. */
  constructor(flags: readonly string[] = [], build?: BuildMatching) {
    const audit = `--audit.file=${this.auditFile}`;
    this.system = createSystem(loadConfig({ env: {}, flags: [...QUIET, audit, ...flags] }).config, 1);
    this.#thread = new ThreadContext(this.system, 0, { blocking: false });
    const context = (name: AgentName) => this.#contextOf(this.#thread, name);
    this.#core = [
      createRisk(context('risk')),
      ...matchingAgents(this.system.config).map((agent) => createMatching(context(agent), build)),
      createMarketData(context('market-data')),
    ];
    this.gateway = createGateway(context('gateway'));
    this.#agents = [...this.#core, this.gateway];
    this.#thread.agents.push(...this.#agents);
    this.#telemetry = new TelemetryReader(this.system.telemetry);
  }

  static async start(flags: readonly string[] = [], build?: BuildMatching): Promise<GatewayRig> {
    const rig = new GatewayRig(flags, build);
    const { board, clock } = rig.#thread;
    for (const agent of rig.#agents) await agent.start?.(clock.now());
    rig.system.threads.forEach((_plan, thread) => {
      board.setState(thread, ThreadState.Running);
    });
    const options = { thread: 0, board, clock, agents: rig.#agents, downstream: [], idle: 'yield' as const };
    rig.#running = runIo(options);
    return rig;
  }

  get url(): string {
    return `http://127.0.0.1:${this.gateway.port}`;
  }

  /** Where the gateway writes its audit records, unless the flags say otherwise. */
  get auditFile(): string {
    return join(this.#folder.path, 'audit.jsonl');
  }

  get now(): number {
    return this.#thread.clock.now();
  }

  counter<A extends AgentName>(agent: A, name: CounterName<A>): number {
    return this.#telemetry.value(agent, counterIds(agent)[name]);
  }

  /** The gateway's counters by name. */
  counters(): Record<string, number> {
    return Object.fromEntries(this.#telemetry.counters('gateway').map(({ name, value }) => [name, value]));
  }

  /** What an agent gets that takes the place of the one of this name: the ends of its rings. */
  contextOf(name: AgentName): AgentContext {
    const restarted = new ThreadContext(this.system, 0, { blocking: false, restarted: true });
    return this.#contextOf(restarted, name);
  }

  /** Stops risk, matching and market data from working, as if they were busy. */
  pauseCore(): void {
    this.#agents.splice(0, this.#agents.length, this.gateway);
  }

  resumeCore(): void {
    this.#agents.splice(0, this.#agents.length, ...this.#core, this.gateway);
  }

  /** Risk, matching and market data work, the gateway does not. */
  resumeCoreAlone(): void {
    this.#agents.splice(0, this.#agents.length, ...this.#core);
  }

  /** Marks a stage as failed on the thread board. */
  failThread(thread: number): void {
    this.#thread.board.setState(thread, ThreadState.Failed);
  }

  /** Ends the gateway and starts another on the same memory, as the supervisor does when its thread died. */
  async restartGateway(): Promise<void> {
    this.resumeCoreAlone();
    await this.gateway.close();
    await this.startGatewayAgain();
  }

  /** Lets the gateway go without a word, as a thread that dies does, and starts another on its memory. */
  async replaceDeadGateway(): Promise<void> {
    this.resumeCoreAlone();
    this.#dead.push(this.gateway);
    await this.startGatewayAgain();
  }

  /** Starts a gateway on the memory of the one that was. */
  async startGatewayAgain(): Promise<void> {
    this.gateway = createGateway(this.contextOf('gateway'));
    await this.gateway.start();
    this.#agents.push(this.gateway);
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await fetch(this.url + path, {
      method,
      headers,
      ...(text !== undefined && { body: text }),
    });
    const content = await reply.text();
    const isJson = reply.headers.get('content-type') === 'application/json';
    return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(content) : { content } };
  }

  get(path: string): Promise<Reply> {
    return this.request('GET', path);
  }

  /** POST /api/order with a limit order to buy 0.01 BTC-USD at 60000, or what `fields` say instead. */
  order(fields: Record<string, unknown> = {}): Promise<Reply> {
    return this.request('POST', '/api/order', { ...LIMIT_ORDER, ...fields });
  }

  async stop(): Promise<void> {
    this.#thread.board.enter(Phase.Stop);
    await this.#running;
    for (const gateway of [...this.#dead, this.gateway]) await gateway.close();
    this.#folder.remove();
  }

  #contextOf(thread: ThreadContext, name: AgentName): AgentContext {
    return { ...thread.contextOf(name), log: collectLog(this.lines) };
  }
}

export const LIMIT_ORDER = {
  symbol: 'BTC-USD',
  side: 'BUY',
  quantity: '0.01',
  price: '60000',
  order_type: 'LIMIT',
  time_in_force: 'GTC',
};

/** Waits until `condition` holds; throws after `milliseconds`. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 5000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not so within ${milliseconds} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
