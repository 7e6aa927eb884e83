import { expect, it } from 'vitest';
import { IMPLEMENTATIONS } from './matching-recorder.js';
import { TRUTH_TABLE, truthTable } from './matching-truth-table.js';

it.each(IMPLEMENTATIONS)(
  '$name: order type × time in force × phase × self-trade prevention',
  ({ create }) => {
    expect(truthTable(create)).toBe(TRUTH_TABLE.replace(/^\n|\n$/g, ''));
  },
);
