import { MarketMaker, type MarketMakerParameters } from './market-maker.js';
import { Noise, type NoiseParameters } from './noise.js';
import type { Strategy } from './strategy.js';
import { Taker, type TakerParameters } from './taker.js';

/** Every strategy that comes with Millrace, with its parameters. A new kind is one more line here and one below. */
export type StrategySpec =
  | { readonly kind: 'market-maker'; readonly parameters: MarketMakerParameters }
  | { readonly kind: 'taker'; readonly parameters: TakerParameters }
  | { readonly kind: 'noise'; readonly parameters: NoiseParameters };

export function createStrategy(spec: StrategySpec): Strategy {
  switch (spec.kind) {
    case 'market-maker':
      return new MarketMaker(spec.parameters);
    case 'taker':
      return new Taker(spec.parameters);
    case 'noise':
      return new Noise(spec.parameters);
  }
}
