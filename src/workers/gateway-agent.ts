import type { Agent } from '../agent/agent.js';
import { isLoopback } from '../config/endpoints.js';
import { epochText } from '../lib/clock.js';
import * as PositionUpdate from '../messages/views/position-update.js';
import type { RingConsumer } from '../ring/consumer.js';
import { TelemetryReader } from '../telemetry/board.js';
import { counterIds } from '../telemetry/registry.js';
import type { AgentContext } from './context.js';
import { openEvents } from './event-rings.js';
import { Answers } from './gateway/answers.js';
import { Broadcast } from './gateway/broadcast.js';
import { CommandPort } from './gateway/command-port.js';
import { Disconnects } from './gateway/disconnects.js';
import { EventIntake } from './gateway/event-intake.js';
import { Guard } from './gateway/guard.js';
import { type HealthReport, healthReport } from './gateway/health.js';
import { HttpServer } from './gateway/http-server.js';
import { MarketIntake } from './gateway/market-intake.js';
import { metricsText } from './gateway/metrics.js';
import { openapiDocument } from './gateway/openapi.js';
import { Operations } from './gateway/operations/operations.js';
import { OrderDesk } from './gateway/order-desk.js';
import { OrderEvents } from './gateway/order-events.js';
import { RequestParser } from './gateway/order-request.js';
import { OrderStore } from './gateway/order-store.js';
import { PendingTable } from './gateway/pending.js';
import { PositionStore } from './gateway/position-store.js';
import { Renderer } from './gateway/render.js';
import { RestApi } from './gateway/rest-api.js';
import { RouteTable } from './gateway/routes.js';
import type { SessionData } from './gateway/session.js';
import { StatusStore } from './gateway/status-store.js';
import { openStore } from './gateway/store-layout.js';
import { Subscriptions } from './gateway/subscriptions.js';
import { WebSocketEndpoint } from './gateway/websocket.js';
import { matchingOptions } from './matching-setup.js';

const C = counterIds('gateway');

/** Records taken in per duty cycle at the most, of each ring. */
const BURST = 1024;
/** Commands in flight at the most; the next one is refused as busy. */
const PENDING_CAPACITY = 1 << 16;
/** A command without an answer for so long gets a timeout as its answer, ns. */
export const ANSWER_TIMEOUT = 5_000_000_000;

/** Order entry and market data over HTTP and WebSocket: the edge between clients and the rings. */
export class GatewayAgent implements Agent {
  readonly name = 'gateway';
  readonly #context: AgentContext;
  readonly #store: OrderStore;
  readonly #positions: PositionStore;
  readonly #positionRing: RingConsumer;
  readonly #port: CommandPort;
  readonly #pending: PendingTable;
  readonly #desk: OrderDesk;
  readonly #answers: Answers;
  readonly #events: EventIntake;
  readonly #market: MarketIntake;
  readonly #broadcast: Broadcast;
  readonly #disconnects: Disconnects;
  readonly #websocket: WebSocketEndpoint;
  readonly #server: HttpServer<SessionData>;
  readonly #operations: Operations;
  readonly #telemetry: TelemetryReader;
  #listeningPort = 0;

  constructor(context: AgentContext) {
    const { config, instruments, counters, clock, session } = context;
    const now = () => clock.now();
    this.#context = context;
    this.#telemetry = new TelemetryReader(context.telemetry);
    const memory = openStore(context.sharedState('gateway.store'));
    const store = new OrderStore(memory);
    const positions = new PositionStore(memory.positions);
    const statuses = new StatusStore(memory.statuses, matchingOptions(config, instruments).rules ?? []);
    const renderer = new Renderer({ instruments, session, store, positions, statuses });
    const parser = new RequestParser(instruments, config.gateway.account, session);
    const pending = new PendingTable(PENDING_CAPACITY, store.nextCommand);
    const port = new CommandPort(context.producer('commands.gateway'), () => context.wakeDownstream());
    const subscriptions = new Subscriptions(instruments.count);
    this.#store = store;
    this.#positions = positions;
    this.#port = port;
    this.#pending = pending;
    this.#positionRing = context.consumer('positions');
    this.#desk = new OrderDesk({ store, port, pending, parser, instruments, session, counters, now });
    this.#disconnects = new Disconnects({ store, port, counters, now });
    const latency = context.histogram('order');
    this.#answers = new Answers({
      store,
      pending,
      renderer,
      counters,
      latency,
      now,
      shards: config.matching.shards,
    });
    this.#broadcast = new Broadcast({ subscriptions, renderer, store, positions, instruments });
    this.#events = new EventIntake({
      consumer: openEvents(context),
      store,
      orders: new OrderEvents(store, statuses),
      statuses,
      sink: this.#eventSink(),
      latency: context.histogram('risk_to_gateway'),
    });
    const rings = (['market', 'feed'] as const).filter((ring) => context.hasRing(ring));
    const lossy = rings.map((ring) => context.lossy(ring));
    const onLap = () => {
      counters.add(C.laps_total, 1);
      this.#broadcast.onTradesLost();
    };
    this.#market = new MarketIntake(lossy, instruments.count, this.#broadcast, onLap);
    this.#operations = new Operations({ context, desk: this.#desk, store, pending, statuses });
    const guard = new Guard(context.log, counters);
    this.#websocket = this.#webSocketEndpoint(parser, subscriptions, guard);
    this.#server = new HttpServer<SessionData>({
      routes: new RouteTable([...this.#restApi(parser, renderer).routes, ...this.#operations.routes]),
      websocket: this.#websocket.behavior,
      admit: (query) => this.#websocket.admit(query),
      counters,
      guard,
      maximumBodyBytes: config.gateway.max_body_bytes,
      maximumConnections: config.gateway.max_connections,
      loopback: isLoopback(config.gateway.host),
    });
  }

  #webSocketEndpoint(parser: RequestParser, subscriptions: Subscriptions, guard: Guard): WebSocketEndpoint {
    const { config, instruments, counters } = this.#context;
    return new WebSocketEndpoint({
      desk: this.#desk,
      parser,
      subscriptions,
      broadcast: this.#broadcast,
      disconnects: this.#disconnects,
      market: this.#market,
      instruments,
      counters,
      guard,
      maximumMessageBytes: config.gateway.max_body_bytes,
      maximumBackpressureBytes: config.gateway.max_backpressure_bytes,
      idleTimeoutSeconds: config.gateway.idle_timeout_s,
      cancelOnDisconnect: config.gateway.cancel_on_disconnect,
    });
  }

  /** The port that clients connect to; 0 before `start`. */
  get port(): number {
    return this.#listeningPort;
  }

  async start(): Promise<void> {
    const { host, port } = this.#context.config.gateway;
    await this.#operations.start();
    this.#listeningPort = await this.#server.listen(host, port);
    this.#context.counters.set(C.port, this.#listeningPort);
    this.#context.log.info(`gateway listens on http://${host}:${this.#listeningPort}`, {
      port: this.#listeningPort,
      restarted: this.#context.restarted,
      orders: this.#store.count,
    });
  }

  doWork(now: number): number {
    let work = this.#events.drain(BURST, now);
    work += this.#drainPositions();
    work += this.#disconnects.work(now);
    work += this.#market.drain(BURST);
    this.#operations.work(now);
    work += this.#answers.expire(now - ANSWER_TIMEOUT);
    this.#broadcast.flushBooks(now, this.#market);
    return work;
  }

  hasWork(): boolean {
    return this.#events.hasWork() || this.#positionRing.hasNext() || this.#market.hasWork();
  }

  nextDue(): number {
    return Math.min(this.#broadcast.nextDue(), this.#disconnects.nextDue());
  }

  relieve(now: number): number {
    return this.#events.drain(BURST, now);
  }

  stopAccepting(): void {
    this.#desk.accepting = false;
    this.#server.stopListening();
    this.#disconnects.closeAll();
  }

  async close(): Promise<void> {
    this.#desk.accepting = false;
    this.#answers.closeAll();
    this.#websocket.closeAll();
    this.#server.close();
    await this.#operations.close();
  }

  #drainPositions(): number {
    const ring = this.#positionRing;
    let count = 0;
    while (count < BURST && ring.next()) {
      count++;
      if (ring.type !== PositionUpdate.TYPE) continue;
      const at = this.#positions.apply(ring.words, ring.at);
      if (at >= 0) this.#broadcast.onPosition(at);
      else this.#context.counters.add(C.errors_total, 1);
    }
    ring.release();
    return count;
  }

  #eventSink() {
    return {
      onAnswer: (number: number, words: Int32Array, at: number) => this.#answers.onReport(number, words, at),
      onReport: (place: number, type: number, reason: number) => {
        this.#disconnects.onReport(place, type);
        this.#broadcast.onReport(place, type, reason);
      },
      onExecution: (place: number, number: number) => this.#broadcast.onExecution(place, number),
      onStatus: (instrument: number, words: Int32Array, at: number) => {
        this.#operations.onStatus(words, at);
        this.#broadcast.onStatus(instrument, words, at);
      },
    };
  }

  #restApi(parser: RequestParser, renderer: Renderer): RestApi {
    const { config, instruments } = this.#context;
    const document = JSON.stringify(openapiDocument());
    return new RestApi({
      config,
      desk: this.#desk,
      parser,
      store: this.#store,
      positions: this.#positions,
      renderer,
      market: this.#market,
      instruments,
      health: () => this.#health(),
      metrics: () => this.#metrics(),
      openapi: () => document,
    });
  }

  #health(): HealthReport {
    const { instruments, clock } = this.#context;
    const unsynced = instruments.all
      .filter(({ index }) => this.#market.book(index) === undefined)
      .map(({ symbol }) => symbol);
    const uptime = Math.floor(clock.now() / 1e9);
    const start = epochText(this.#context.session, 0);
    return healthReport(this.#context.stages(), this.#desk.accepting, unsynced, uptime, start);
  }

  #metrics(): string {
    return metricsText(this.#telemetry, {
      shards: this.#context.config.matching.shards,
      rings: {
        'commands.gateway': this.#port.occupiedBytes(),
        events: this.#events.backlogBytes(),
        positions: this.#positionRing.backlogBytes(),
      },
      connections: this.#server.connections,
      pendingCommands: this.#pending.count,
      orders: this.#store.count,
      openOrders: this.#store.openCount,
    });
  }
}

export function create(context: AgentContext): GatewayAgent {
  return new GatewayAgent(context);
}
