import type { Fill, RecordedFill } from './fill.js';

/** Why a recorded fill and ours differ. */
export type DifferenceKind =
  | 'listed-last'
  | 'priority'
  | 'quantity'
  | 'price'
  | 'missing'
  | 'extra'
  | 'no-aggressor';

/** One difference between the tape and the engine. */
export interface FillDifference {
  readonly kind: DifferenceKind;
  readonly recorded?: RecordedFill;
  readonly ours?: Fill;
}

/** Outcome of comparing the fills of one aggressor (or one side of an uncross). */
export interface Comparison {
  readonly matched: number;
  readonly differences: readonly FillDifference[];
}

const same = (a: Fill, b: Fill): boolean =>
  a.order === b.order && a.price === b.price && a.quantity === b.quantity;

/**
 * Compares two lists of fills in order. Matched are the fills of their longest common subsequence, so one order out of its place is
 * one difference and not one for each that it passed. A recorded fill that is not matched is one difference, with our fill that is
 * nearest to it; our fills that stand against none of the tape are differences of kind extra.
 */
export function compareFills(recorded: readonly RecordedFill[], ours: readonly Fill[]): Comparison {
  const { recordedLeft, oursLeft, matched } = align(recorded, ours);
  const differences = recordedLeft.map((fill): FillDifference => {
    const nearest =
      take(oursLeft, (other) => same(fill, other)) ??
      take(oursLeft, (other) => other.order === fill.order && other.price === fill.price) ??
      take(oursLeft, (other) => other.order === fill.order);
    if (nearest === undefined) return { kind: 'missing', recorded: fill };
    if (nearest.price !== fill.price) return { kind: 'price', recorded: fill, ours: nearest };
    if (nearest.quantity !== fill.quantity) return { kind: 'quantity', recorded: fill, ours: nearest };
    return {
      kind: isLastOfPrice(fill, recorded) ? 'listed-last' : 'priority',
      recorded: fill,
      ours: nearest,
    };
  });
  return {
    matched,
    differences: [...differences, ...oursLeft.map((fill): FillDifference => ({ kind: 'extra', ours: fill }))],
  };
}

function isLastOfPrice(fill: RecordedFill, recorded: readonly RecordedFill[]): boolean {
  const next = recorded[recorded.indexOf(fill) + 1];
  return next === undefined || next.price !== fill.price;
}

function take(fills: Fill[], wanted: (fill: Fill) => boolean): Fill | undefined {
  const index = fills.findIndex(wanted);
  return index < 0 ? undefined : fills.splice(index, 1)[0];
}

interface Alignment {
  readonly matched: number;
  readonly recordedLeft: RecordedFill[];
  readonly oursLeft: Fill[];
}

/** How many fills are the same at the same place of both lists: one that is out of place takes all behind it along. */
export function countInPlace(recorded: readonly Fill[], ours: readonly Fill[]): number {
  return recorded.filter((fill, index) => index < ours.length && same(fill, ours[index])).length;
}

/** Longest common subsequence; equal beginnings and ends, which are nearly everything, cost no table. */
function align(recorded: readonly RecordedFill[], ours: readonly Fill[]): Alignment {
  let head = 0;
  while (head < recorded.length && head < ours.length && same(recorded[head], ours[head])) head++;
  let tail = 0;
  const room = Math.min(recorded.length, ours.length) - head;
  while (tail < room && same(recorded[recorded.length - 1 - tail], ours[ours.length - 1 - tail])) tail++;
  const a = recorded.slice(head, recorded.length - tail);
  const b = ours.slice(head, ours.length - tail);
  const lengths = commonLengths(a, b);
  const recordedLeft: RecordedFill[] = [];
  const oursLeft: Fill[] = [];
  let matched = head + tail;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (same(a[i], b[j])) {
      matched++;
      i++;
      j++;
    } else if (lengths[i + 1][j] > lengths[i][j + 1]) recordedLeft.push(a[i++]);
    else oursLeft.push(b[j++]);
  }
  return { matched, recordedLeft: [...recordedLeft, ...a.slice(i)], oursLeft: [...oursLeft, ...b.slice(j)] };
}

/** `lengths[i][j]`: of the longest common subsequence of `a` from `i` and `b` from `j`. */
function commonLengths(a: readonly Fill[], b: readonly Fill[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = same(a[i], b[j])
        ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}
