/** One thread of a stress run: produces, consumes or watches, and reports what it saw. */
import { parentPort, workerData } from 'node:worker_threads';
import { openRing, TAIL_WORD } from '../../../src/ring/layout.js';
import { observePosition } from '../../../src/ring/ordering.js';
import type { RingProducer } from '../../../src/ring/producer.js';
import { fillRecord, isWhole, lengthOf, mix, typeOf } from './record.js';
import {
  DONE,
  FIRST,
  GO,
  HANDLED,
  LAST,
  type Outcome,
  READY,
  RELEASED,
  type Role,
  SATISFIED,
  STOP,
  type WorkerInput,
} from './roles.js';

type ProducerModule = typeof import('../../../src/ring/producer.js');
type ConsumerModule = typeof import('../../../src/ring/consumer.js');
type LossyModule = typeof import('../../../src/ring/lossy-consumer.js');

const input = workerData as WorkerInput;
const { board, records, longest, handle } = input;
const nobody = new Int32Array(new SharedArrayBuffer(4));
/** A lossy consumer that gives its core away is lapped meanwhile, so it holds on for longer than the producer rests. */
const SPINS = input.as.role === 'watch' ? 30_000 : 300;
let idle = 0;

/** Threads may outnumber cores: spin a little, then give the core away. */
function wait(): void {
  if (++idle > SPINS) Atomics.wait(nobody, 0, 0, 0.02);
}

function stopped(): boolean {
  return Atomics.load(board, STOP) !== 0;
}

function outcomeOf(role: Role['role']): Outcome {
  return { role, records: 0, first: 0, last: 0, full: 0, laps: 0, resumed: 0, defects: [] };
}

function forbid(outcome: Outcome, what: string): void {
  outcome.defects.push(what);
  Atomics.store(board, STOP, 1);
}

function meet(): void {
  Atomics.add(board, READY, 1);
  Atomics.notify(board, READY);
  Atomics.wait(board, GO, 0);
}

/** Claims room for a record, waiting for it. A negative answer means that the run was stopped. */
function claim(producer: RingProducer, sequence: number, length: number, outcome: Outcome): number {
  for (;;) {
    const at = producer.claim(typeOf(sequence), length);
    if (at >= 0) {
      idle = 0;
      return at;
    }
    outcome.full++;
    producer.publish();
    wait();
    if (stopped()) return at;
  }
}

/**
 * Pauses of up to some microseconds after about every 64th record, and long ones after every 4096th, so that lossy readers
 * catch up and fall behind by turns, also while their code is still cold.
 */
function rest(chance: number): void {
  if (input.watchers === 0 || (chance & 0x3f00) !== 0) return;
  for (let turn = (chance & 0xfff00) === 0 ? 30_000 : chance >>> 21; turn > 0; turn--)
    Atomics.load(board, STOP);
}

/** Has the producer sent what the run asks for, or far more than any lossy consumer should need? */
function isEnough(sent: number): boolean {
  if (sent < records) return false;
  return Atomics.load(board, SATISFIED) === input.watchers || sent >= 20 * records;
}

async function produce(outcome: Outcome): Promise<void> {
  const module: ProducerModule = await import(`${input.folder}producer.js`);
  const producer = new module.RingProducer(handle);
  meet();
  for (let sequence = 1; !isEnough(outcome.records); sequence++) {
    const length = lengthOf(sequence, longest);
    const chance = mix(sequence ^ 0x55555555);
    let at = claim(producer, sequence, length, outcome);
    if (at >= 0 && (chance & 15) === 0) {
      producer.words.fill(-1, at, at + (length >> 2));
      producer.abort();
      at = claim(producer, sequence, length, outcome);
    }
    if (at < 0) return;
    fillRecord(producer.words, at, sequence, length);
    producer.commit();
    if ((chance & 0x70) !== 0) producer.publish(); // one record in eight waits for the next
    outcome.records++;
    outcome.last = sequence;
    rest(chance);
  }
  producer.publish();
  Atomics.store(board, LAST, outcome.last);
  Atomics.store(board, DONE, 1);
}

async function consume(outcome: Outcome, as: Extract<Role, { role: 'consume' }>): Promise<void> {
  const module: ConsumerModule = await import(`${input.folder}consumer.js`);
  const consumer = new module.RingConsumer(handle, as.index, { takeover: as.takeover });
  meet();
  let expected = 0; // 0: whatever the first record is
  while (!stopped()) {
    let burst = 1 + (mix(expected) & 31);
    for (; burst > 0 && consumer.next(); burst--) {
      const sequence = consumer.words[consumer.at];
      if (!isWhole(consumer.words, consumer.at, consumer.type, consumer.length, longest)) {
        return forbid(outcome, `torn record where ${expected} was due: says ${sequence}`);
      }
      if (expected === 0) {
        expected = sequence;
        outcome.first = sequence;
        if (as.reports) Atomics.store(board, FIRST, sequence);
      }
      if (sequence !== expected) {
        return forbid(
          outcome,
          `${sequence < expected ? 'repeated' : 'lost'}: ${sequence} where ${expected} was due`,
        );
      }
      outcome.records++;
      outcome.last = sequence;
      expected++;
      idle = 0;
      if (as.reports) board[HANDLED] = sequence;
    }
    consumer.release();
    if (as.reports) board[RELEASED] = outcome.last;
    if (burst === 0) continue;
    if (Atomics.load(board, DONE) === 1 && !consumer.hasNext()) break;
    wait();
  }
  if (outcome.last !== records && !stopped())
    forbid(outcome, `lost the end: last was ${outcome.last} of ${records}`);
}

/** Sleeps until the producer is two rings further, or done. */
function oversleep(): void {
  const { control, capacityBytes } = openRing(handle);
  const until = observePosition(control, TAIL_WORD) + capacityBytes / 4;
  while (observePosition(control, TAIL_WORD) < until && Atomics.load(board, DONE) === 0 && !stopped()) wait();
  idle = 0;
}

async function watch(outcome: Outcome, as: Extract<Role, { role: 'watch' }>): Promise<void> {
  const { LossyConsumer, RECORD, LAPPED }: LossyModule = await import(`${input.folder}lossy-consumer.js`);
  const consumer = new LossyConsumer(handle, as.index);
  meet();
  let lapped = false;
  let satisfied = false;
  while (!stopped()) {
    const result = consumer.poll();
    if (result === LAPPED) {
      outcome.laps++;
      lapped = true;
      idle = 0;
    } else if (result === RECORD) {
      idle = 0;
      const sequence = consumer.words[consumer.at];
      if (!isWhole(consumer.words, consumer.at, consumer.type, consumer.length, longest)) {
        return forbid(outcome, `torn record after ${outcome.last}: says ${sequence}`);
      }
      if (sequence <= outcome.last) return forbid(outcome, `not rising: ${sequence} after ${outcome.last}`);
      if (!lapped && sequence !== outcome.last + 1) {
        return forbid(outcome, `lost without LAPPED: ${sequence} after ${outcome.last}`);
      }
      if (lapped) outcome.resumed++;
      lapped = false;
      outcome.records++;
      outcome.last = sequence;
      if (!satisfied && (as.pauseEvery === 0 || outcome.resumed > 0)) {
        satisfied = true;
        Atomics.add(board, SATISFIED, 1);
      }
      if (as.pauseEvery > 0 && outcome.records % as.pauseEvery === 0) oversleep();
    } else {
      if (Atomics.load(board, DONE) === 1 && !consumer.hasNext()) break;
      wait();
    }
  }
  if (outcome.last !== board[LAST] && !lapped && !stopped()) {
    forbid(outcome, `lost the end without LAPPED: last was ${outcome.last} of ${board[LAST]}`);
  }
}

const outcome = outcomeOf(input.as.role);
try {
  if (input.as.role === 'produce') await produce(outcome);
  else if (input.as.role === 'consume') await consume(outcome, input.as);
  else await watch(outcome, input.as);
} catch (error) {
  forbid(outcome, `threw: ${error instanceof Error ? error.stack : error}`);
}
parentPort?.postMessage(outcome);
