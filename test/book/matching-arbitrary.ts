/** Random matching commands in the language of matching-script.ts for fast-check, which shrinks them to readable examples. */
import fc from 'fast-check';

const price = fc.integer({ min: 96, max: 104 });
const quantity = fc.integer({ min: 1, max: 12 });
const orderId = fc.integer({ min: 1, max: 30 });

/** A template with `P` for a price, `N` for a small quantity and `#I` for an order id. */
function filled(templates: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...templates), fc.array(price, { minLength: 4, maxLength: 4 }), quantity, orderId)
    .map(([template, prices, small, id]) => {
      let next = 0;
      return template
        .replace(/\bP\b/g, () => `${prices[next++]}`)
        .replace(/\bN\b/g, `${small}`)
        .replace('#I', `#${id}`);
    });
}

const KINDS = [
  ...['@ P', '@ P', '@ P', '@ P day', '@ P until 20', '@ P ioc', '@ P fok', '@ P at-open', '@ P at-close'],
  ...['market', 'market fok', 'market at-open', 'market at-close', 'to-limit', 'to-limit day'],
  ...['@ P shows N', '@ P shows N day', '@ P min N', '@ P ioc min N', '@ P post-only', '@ P post-only slide'],
  ...[
    'stop P',
    '@ P stop P',
    '@ P stop P shows N',
    '@ P oco #I',
    '@ P ouo #I',
    'stop P ouo #I',
    '@ P shows N ouo #I',
  ],
  ...[
    '@ P tp P',
    '@ P sl P',
    '@ P tp P sl P',
    '@ P tp P sl P sl-limit P',
    'market sl P',
    '@ P until 20 tp P sl P',
  ],
];

const newOrder = fc
  .record({
    orderId,
    side: fc.constantFrom('buy', 'sell'),
    quantity,
    kind: filled(KINDS),
    prevention: fc.constantFrom('', '', ' stp newest', ' stp oldest', ' stp both', ' stp decrement'),
    account: fc.integer({ min: 1, max: 3 }),
    time: fc.constantFrom('', '', '', ' time 5', ' time 25'),
  })
  .map(
    ({ orderId, side, quantity, kind, prevention, account, time }) =>
      `#${orderId} ${side} ${quantity} ${kind}${prevention} account ${account}${time}`,
  );

const account = fc.integer({ min: 1, max: 3 });
const change = fc
  .tuple(
    filled(['cancel #I', 'cancel #I', 'amend #I to N @ P', 'amend #I to N @ P', 'amend #I to N @ P stop P']),
    account,
  )
  .map(([text, of]) => `${text} account ${of}`);
const phase = filled([
  ...['continuous', 'continuous', 'continuous', 'continuous reference P', 'opening-auction', 'pre-open'],
  ...['volatility-auction', 'closing-auction', 'halt', 'closed'],
]).map((name) => `phase ${name}`);
const rare = fc.oneof(
  account.map((of) => `mass cancel account ${of}`),
  fc.constantFrom('time 10', 'time 20', 'time 30'),
);

/** Commands of one instrument; accounts 1 and 2 are one group. */
export const commands: fc.Arbitrary<string[]> = fc.array(
  fc.oneof(
    { weight: 14, arbitrary: newOrder },
    { weight: 5, arbitrary: change },
    { weight: 2, arbitrary: phase },
    { weight: 1, arbitrary: rare },
  ),
  { minLength: 1, maxLength: 60 },
);
