/** The whole of docs/matching.md as examples, for every implementation. */
import { describe, expect, it } from 'vitest';
import { IMPLEMENTATIONS } from './matching-recorder.js';
import { play, SCENARIOS, wanted } from './matching-suite.js';

describe.each(IMPLEMENTATIONS)('matching contract in full: $name', ({ create }) => {
  describe.each(Object.entries(SCENARIOS))('%s', (_, scenarios) => {
    it.each(scenarios)('$name', (scenario) => {
      expect(play(scenario, create)).toEqual(wanted(scenario));
    });
  });
});
