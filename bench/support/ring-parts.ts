/** The threads of the ring benchmark. Every word of each payload is written by one side and read by the other. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { RingConsumer } from '../../src/ring/consumer.js';
import type { RingHandle } from '../../src/ring/layout.js';
import { FULL, RingProducer } from '../../src/ring/producer.js';
import { type Part, serve } from './threads.js';

const TYPE = 1;
/** Records that a consumer handles before it gives their room back. */
const RELEASE_LIMIT = 64;

export type RingPart =
  | {
      readonly part: 'produce';
      readonly out: RingHandle;
      readonly payloadBytes: number;
      readonly batch: number;
    }
  | { readonly part: 'consume'; readonly in: RingHandle; readonly index: number }
  | {
      readonly part: 'ping' | 'pong';
      readonly out: RingHandle;
      readonly in: RingHandle;
      readonly payloadBytes: number;
    }
  | {
      readonly part: 'port-produce' | 'port-consume' | 'port-ping' | 'port-pong';
      readonly port: MessagePort;
    };

/** Word `index` of message `sequence` is their sum: this is the sum of all words of `count` messages from 0, as int32. */
export function expectedDigest(count: number, payloadBytes: number): number {
  const words = payloadBytes >> 2;
  let digest = 0;
  const constant = (words * (words - 1)) / 2;
  for (let sequence = 0; sequence < count; sequence++) digest = (digest + sequence * words + constant) | 0;
  return digest;
}

function produce(producer: RingProducer, count: number, payloadBytes: number, batch: number): number {
  const words = producer.words;
  const payloadWords = payloadBytes >> 2;
  let left = batch;
  for (let sequence = 0; sequence < count; sequence++) {
    let at = producer.claim(TYPE, payloadBytes);
    while (at === FULL) {
      producer.publish();
      at = producer.claim(TYPE, payloadBytes);
    }
    for (let word = 0; word < payloadWords; word++) words[at + word] = sequence + word;
    producer.commit();
    if (--left === 0) {
      producer.publish();
      left = batch;
    }
  }
  producer.publish();
  return 0;
}

function consume(consumer: RingConsumer, count: number): number {
  const words = consumer.words;
  let digest = 0;
  let seen = 0;
  while (seen < count) {
    const limit = Math.min(count, seen + RELEASE_LIMIT);
    const before = seen;
    while (seen < limit && consumer.next()) {
      const at = consumer.at;
      if (words[at] !== seen) throw new Error(`message ${words[at]} where ${seen} was due`);
      const end = at + (consumer.length >> 2);
      for (let word = at; word < end; word++) digest = (digest + words[word]) | 0;
      seen++;
    }
    if (seen !== before) consumer.release();
  }
  return digest;
}

/** Sends message `sequence` and publishes it. The ring has room: no more than one message is under way. */
function send(producer: RingProducer, sequence: number, payloadBytes: number): void {
  const at = producer.claim(TYPE, payloadBytes);
  const words = producer.words;
  const payloadWords = payloadBytes >> 2;
  for (let word = 0; word < payloadWords; word++) words[at + word] = sequence + word;
  producer.commitAndPublish();
}

/** Waits for one message; the sum of its words. */
function receive(consumer: RingConsumer): number {
  while (!consumer.next());
  const words = consumer.words;
  const at = consumer.at;
  const end = at + (consumer.length >> 2);
  let sum = 0;
  for (let word = at; word < end; word++) sum = (sum + words[word]) | 0;
  return sum;
}

// As agents do, both sides answer first and give the room back afterwards.
function ping(producer: RingProducer, consumer: RingConsumer, count: number, payloadBytes: number): number {
  let digest = 0;
  for (let sequence = 0; sequence < count; sequence++) {
    send(producer, sequence, payloadBytes);
    consumer.release();
    digest = (digest + receive(consumer)) | 0;
  }
  consumer.release();
  return digest;
}

function pong(producer: RingProducer, consumer: RingConsumer, count: number, payloadBytes: number): number {
  let digest = 0;
  for (let sequence = 0; sequence < count; sequence++) {
    digest = (digest + receive(consumer)) | 0;
    send(producer, sequence, payloadBytes);
    consumer.release();
  }
  return digest;
}

function portReceive(port: MessagePort): Int32Array {
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as Int32Array;
  }
}

function portPart(part: string, port: MessagePort): Part {
  const payload = new Int32Array(14);
  return (count) => {
    let digest = 0;
    for (let sequence = 0; sequence < count; sequence++) {
      if (part === 'port-consume' || part === 'port-pong') digest = (digest + portReceive(port)[0]) | 0;
      if (part !== 'port-consume') {
        payload[0] = sequence;
        port.postMessage(payload);
      }
      if (part === 'port-ping') digest = (digest + portReceive(port)[0]) | 0;
    }
    return digest;
  };
}

function makePart(input: RingPart): Part {
  if ('port' in input) return portPart(input.part, input.port);
  if (input.part === 'produce') {
    const producer = new RingProducer(input.out);
    return (count) => produce(producer, count, input.payloadBytes, input.batch);
  }
  if (input.part === 'consume') {
    const consumer = new RingConsumer(input.in, input.index);
    return (count) => consume(consumer, count);
  }
  const turns = input.part === 'ping' ? ping : pong;
  const producer = new RingProducer(input.out);
  const consumer = new RingConsumer(input.in, 0);
  return (count) => turns(producer, consumer, count, input.payloadBytes);
}

serve<RingPart>(import.meta.url, makePart);
