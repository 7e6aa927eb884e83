/**
 * Order ids are chosen by the source of the order, so that it can name the order before any answer:
 * `source * 2^40 + counter`, the counter rising from 1. Exact in a double for 8191 sources of 2^40 orders each.
 */
const PER_SOURCE = 2 ** 40;

/** Sources of order commands. Strategies are numbered from {@link FIRST_STRATEGY_SOURCE} in configuration order. */
export const GATEWAY_SOURCE = 1;
/** Of commands that the sequencer puts between the others by itself (phase changes, time); it sends no orders. */
export const SEQUENCER_SOURCE = 2;
export const FIRST_STRATEGY_SOURCE = 16;
export const MAXIMUM_SOURCE = 8191;

export function orderIdOf(source: number, counter: number): number {
  return source * PER_SOURCE + counter;
}

export function sourceOf(orderId: number): number {
  return Math.floor(orderId / PER_SOURCE);
}

export function counterOf(orderId: number): number {
  return orderId % PER_SOURCE;
}
