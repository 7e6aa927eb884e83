import { expect, it } from 'vitest';
import { run } from '../../bench/codec.js';

it('the codec benchmark runs, and its ways of encoding agree', async () => {
  const { text, figures } = await run({ smoke: true });
  expect(Object.keys(figures)).toEqual([
    'hot_encode_ns',
    'hot_decode_ns',
    'builder_encode_ns',
    'accessor_decode_ns',
    'json_encode_ns',
    'json_decode_ns',
  ]);
  expect(text.at(-1)).toContain('decoders agree');
});
