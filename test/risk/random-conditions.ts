import { OrderType, Side } from '../../src/lib/enums.js';
import type { Random } from '../book/matching-stream.js';
import type { NaiveCommand } from './naive-risk.js';

/** Conditions of a random new order: a trigger where its type needs one, perhaps a link to one of the ids or a bracket. */
export function randomConditions(
  random: Random,
  ids: readonly number[],
  orderType: number,
  side: number,
): NaiveCommand['conditions'] {
  const isStop = orderType === OrderType.Stop || orderType === OrderType.StopLimit;
  const trigger = isStop ? { stopPrice: 92 + random.below(18) } : {};
  const dice = random.below(10);
  if (dice < 2 && ids.length > 0) {
    const linkedOrderId = ids[ids.length - 1 - random.below(Math.min(4, ids.length))];
    return { ...trigger, linkedOrderId, contingency: 1 + random.below(2) };
  }
  if (dice < 5) {
    const [above, below] = [101 + random.below(8), 99 - random.below(8)];
    const [profit, loss] = side === Side.Buy ? [above, below] : [below, above];
    const which = random.below(3);
    return {
      ...trigger,
      ...(which !== 1 ? { takeProfitPrice: profit } : {}),
      ...(which !== 0 ? { stopLossPrice: loss } : {}),
      ...(which !== 0 && random.chance(0.4) ? { stopLossLimitPrice: loss } : {}),
    };
  }
  return isStop ? trigger : undefined;
}
