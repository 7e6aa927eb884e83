import { describe, expect, it } from 'vitest';
import { type Mutation, makeMutant } from '../support/mutant.js';
import { runStress, type Scenario } from '../support/stress/run.js';

// The stress tests can fail: each of these defects is one that a reader of the ring could make, and the same checker
// must see it. A race may need several rounds to show.
const ROUNDS = 10;

const gating: Scenario = { name: 'mutant', capacityBytes: 1024, records: 100_000, gating: 1, deadline: 4 };
const lossy: Scenario = {
  name: 'mutant',
  capacityBytes: 1024,
  records: 500_000,
  gating: 0,
  lossy: [0],
  deadline: 4,
};

interface Mutant {
  readonly name: string;
  readonly scenario: Scenario;
  readonly mutation: Mutation;
  /** A torn record length can send the reader into an endless loop. */
  readonly mayHang?: boolean;
}

const MUTANTS: Mutant[] = [
  {
    name: 'a producer that publishes a record before it is written',
    scenario: gating,
    mutation: {
      file: 'producer.js',
      find: 'return header + HEADER_WORDS;',
      replace:
        'words[(((tail + need - 1) & this.#mask) << 1) + 1] = 0; publishHeader(words, header, type); return header + HEADER_WORDS;',
    },
  },
  {
    name: 'a producer that lets the slowest consumer fall one record too far behind',
    scenario: gating,
    mutation: {
      file: 'producer.js',
      find: '(this.#tail + need - this.#cachedCursor) | 0) <= this.#capacity',
      replace: '(this.#tail - this.#cachedCursor) | 0) <= this.#capacity',
    },
  },
  {
    name: 'a producer that leaves a header of the last lap after its tail',
    scenario: gating,
    mutation: {
      file: 'producer.js',
      find: 'words[((tail & this.#mask) << 1) + 1] = UNPUBLISHED;',
      replace: '',
    },
    mayHang: true,
  },
  {
    name: 'a producer that shows the first record of a batch as it commits it',
    scenario: gating,
    mutation: {
      file: 'producer.js',
      find: 'this.#tail = claimed;',
      replace: 'this.#tail = claimed; if (tail === this.#published) publishHeader(words, first, type);',
    },
    mayHang: true,
  },
  {
    name: 'a producer that stores TAIL, and the header a moment later',
    scenario: gating,
    mutation: {
      file: 'producer.js',
      find: 'publishHeader(words, header, this.#withheld);',
      replace:
        'publishLow(this.#control, TAIL_WORD, tail); for (let i = 0; i < 20; i++) Atomics.load(words, 0); publishHeader(words, header, this.#withheld);',
    },
    mayHang: true,
  },
  {
    name: 'a producer that waits for the fastest consumer',
    scenario: { ...gating, gating: 2 },
    mutation: {
      file: 'producer.js',
      find: 'if (behind > lag)',
      replace: 'if (i === 0 || behind < lag)',
    },
  },
  {
    name: 'a consumer that releases a record as it takes it',
    scenario: gating,
    mutation: {
      file: 'consumer.js',
      find: 'this.#position = end;',
      replace: 'this.#position = end; this.release();',
    },
  },
  {
    name: 'a producer that does not announce what it overwrites',
    scenario: lossy,
    mutation: { file: 'producer.js', find: '((tail + need - this.#intent) | 0) > 0', replace: 'false' },
    mayHang: true,
  },
  {
    name: 'a lossy consumer that does not check its copy',
    scenario: lossy,
    mutation: { file: 'lossy-consumer.js', find: '> start + this.#capacity) {', replace: '> Infinity) {' },
    mayHang: true,
  },
  {
    name: 'a lossy consumer that checks before it copies',
    scenario: lossy,
    mayHang: true,
    mutation: {
      file: 'lossy-consumer.js',
      find: 'for (let i = 0; i < count; i++)',
      replace:
        'const before = observePosition(this.#control, INTENT_WORD); if (before <= start + this.#capacity) for (let i = 0; i < count; i++) words[i] = data[from + i]; if (before <= start + this.#capacity) { this.#keepWholeRecords(count); return RECORD; } for (let i = 0; i < count; i++)',
    },
  },
  {
    name: 'a lossy consumer that goes on after a lap without saying so',
    scenario: lossy,
    mutation: { file: 'lossy-consumer.js', find: 'return LAPPED;', replace: 'return EMPTY;' },
  },
];

describe('the stress checker finds', () => {
  for (const { name, scenario, mutation, mayHang } of MUTANTS) {
    it(name, async () => {
      const mutant = makeMutant(mutation);
      try {
        const seen = mayHang
          ? /^(torn|lost|repeated|not rising|watch hung|consume hung|produce hung)/
          : /^(torn|lost|repeated|not rising)/;
        let evidence: string | undefined;
        let round = 0;
        while (evidence === undefined && round < ROUNDS) {
          round++;
          const { defects } = await runStress({ ...scenario, folder: mutant.folder });
          evidence = defects.find((defect) => seen.test(defect));
        }
        console.log(`${name}: round ${round}, ${evidence}`);
        expect(evidence).toBeDefined();
      } finally {
        mutant.remove();
      }
    });
  }

  it('nothing in the ring as it is, by the same scenarios', async () => {
    for (const scenario of [gating, { ...gating, gating: 2 }, lossy]) {
      expect((await runStress({ ...scenario, deadline: 50 })).defects).toEqual([]);
    }
  });
});
