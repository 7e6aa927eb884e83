import type { Agent } from '../../src/agent/agent.js';
import { MessageType } from '../../src/lib/enums.js';
import type { RingConsumer } from '../../src/ring/consumer.js';
import { FULL } from '../../src/ring/producer.js';
import type { AgentName } from '../../src/telemetry/registry.js';
import { RING_NAMES, RINGS } from '../../src/topology.js';
import type { AgentContext, AgentFactory } from '../../src/workers/context.js';

/** What a toy agent does wrong. */
export interface ToyBehaviour {
  readonly start?: 'throw' | 'hang';
  /** A promise nobody waits for is rejected as soon as the test sets word 0 of the state `risk.controls`. */
  readonly rejectsOnSignal?: boolean;
  /** Which starts are affected: all, or only that after a restart. */
  readonly when?: 'restarted';
  readonly close?: 'throw' | 'hang' | 'leave-handle';
  /** Records written to the agent's own ring in the first cycle. */
  readonly produce?: number;
  /** Takes nothing from its rings. */
  readonly lazy?: boolean;
  /** Lines logged while closing. */
  readonly linesAtClose?: number;
}
export type ToyBehaviours = Partial<Record<AgentName, ToyBehaviour>>;

/** Environment variable in which the toys find their behaviours, as JSON. Workers get a copy of the environment. */
export const TOYS_VARIABLE = 'TOY_AGENTS';

export function toyFactory(name: AgentName): AgentFactory {
  const behaviours = JSON.parse(process.env[TOYS_VARIABLE] ?? '{}') as ToyBehaviours;
  return (context) => new ToyAgent(context, behaviours[name] ?? {});
}

/** Drains every ring that gates it, and does what its behaviour says. */
class ToyAgent implements Agent {
  readonly name: AgentName;
  readonly #context: AgentContext;
  readonly #behaviour: ToyBehaviour;
  readonly #inputs: RingConsumer[] = [];
  #produced = 0;

  constructor(context: AgentContext, behaviour: ToyBehaviour) {
    this.name = context.name;
    this.#context = context;
    const isAffected = behaviour.when !== 'restarted' || context.restarted;
    this.#behaviour = isAffected ? behaviour : {};
    for (const ring of RING_NAMES) {
      const gating: readonly AgentName[] = RINGS[ring].gating;
      if (gating.includes(this.name) && context.hasRing(ring)) this.#inputs.push(context.consumer(ring));
    }
  }

  start(): void | Promise<void> {
    this.#context.log.info(`toy ${this.name} starts`);
    const { start } = this.#behaviour;
    if (start === 'throw') throw new Error(`toy ${this.name} cannot start`);
    if (start === 'hang') return new Promise(() => setInterval(() => {}, 1000));
    if (this.#behaviour.rejectsOnSignal === true) this.#rejectOnSignal();
  }

  doWork(): number {
    let work = this.#produce();
    if (this.#behaviour.lazy === true) return work;
    for (const input of this.#inputs) {
      for (let n = 0; n < 100 && input.next(); n++) work++;
      input.release();
    }
    return work;
  }

  hasWork(): boolean {
    return this.#behaviour.lazy !== true && this.#inputs.some((input) => input.hasNext());
  }

  close(): void | Promise<void> {
    const { close, linesAtClose = 0 } = this.#behaviour;
    for (let n = 1; n <= linesAtClose; n++) this.#context.log.info(`last line ${n}`);
    if (close === 'throw') throw new Error(`toy ${this.name} cannot close`);
    if (close === 'hang') return new Promise(() => setInterval(() => {}, 1000));
    if (close === 'leave-handle') setInterval(() => {}, 1000);
  }

  #rejectOnSignal(): void {
    const signal = new Int32Array(this.#context.sharedState('risk.controls'));
    const timer = setInterval(() => {
      if (Atomics.load(signal, 0) !== 1) return;
      clearInterval(timer);
      void Promise.reject(new Error(`toy ${this.name} was rejected`));
    }, 5);
  }

  #produce(): number {
    const { produce = 0 } = this.#behaviour;
    if (this.#produced >= produce) return 0;
    const ring = RING_NAMES.find((name) => RINGS[name].producer === this.name);
    if (ring === undefined) throw new Error(`toy ${this.name} has no ring to write to`);
    const producer = this.#context.producer(ring);
    while (this.#produced < produce && producer.claim(MessageType.Control, 8) !== FULL) {
      producer.commit();
      this.#produced++;
    }
    producer.publish();
    return 1;
  }
}
