import * as PositionUpdate from '../../messages/views/position-update.js';
import { POSITION_CAPACITY, type PositionColumns } from './store-layout.js';

const MASK = POSITION_CAPACITY - 1;
const TWO_32 = 4294967296;

/** The latest position of every account and instrument. Kept in the gateway's store, so it outlives a restart. */
export class PositionStore {
  readonly columns: PositionColumns;
  /** Places in use, in order of first appearance. */
  readonly places: number[] = [];

  constructor(columns: PositionColumns) {
    this.columns = columns;
    for (let at = 0; at < POSITION_CAPACITY; at++) if (columns.key[at] !== 0) this.places.push(at);
  }

  /** Takes in a PositionUpdate; returns its place, -1 when the table is full. */
  apply(words: Int32Array, record: number): number {
    const at = this.#place(PositionUpdate.account(words, record), PositionUpdate.instrument(words, record));
    if (at < 0) return -1;
    const { columns } = this;
    columns.quantity[at] = PositionUpdate.quantity(words, record);
    columns.bought[at] = PositionUpdate.boughtQuantity(words, record);
    columns.sold[at] = PositionUpdate.soldQuantity(words, record);
    columns.openBuy[at] = PositionUpdate.openBuyQuantity(words, record);
    columns.openSell[at] = PositionUpdate.openSellQuantity(words, record);
    columns.averagePrice[at] = PositionUpdate.averagePrice(words, record);
    columns.realizedProfit[at] = PositionUpdate.realizedProfit(words, record);
    columns.lastPrice[at] = PositionUpdate.lastPrice(words, record);
    columns.timestamp[at] = PositionUpdate.timestamp(words, record);
    return at;
  }

  account(at: number): number {
    return Math.floor((this.columns.key[at] - 1) / TWO_32);
  }

  instrument(at: number): number {
    return (this.columns.key[at] - 1) % TWO_32;
  }

  #place(account: number, instrument: number): number {
    const { key } = this.columns;
    const wanted = account * TWO_32 + instrument + 1;
    const home = Math.imul(account * 31 + instrument, 0x9e3779b1) & MASK;
    for (let step = 0; step < POSITION_CAPACITY; step++) {
      const at = (home + step) & MASK;
      if (key[at] === wanted) return at;
      if (key[at] === 0) {
        key[at] = wanted;
        this.places.push(at);
        return at;
      }
    }
    return -1;
  }
}
