import { HEADER, MBO } from './layout.js';
import type { DbnReader } from './reader.js';

/** Fields of one market-by-order record; 64-bit ones as two 32-bit words, so that nothing is rounded and nothing allocated. */
export class MboRecord {
  instrument = 0;
  /** Unix nanoseconds of the event. */
  timeLow = 0;
  timeHigh = 0;
  orderIdLow = 0;
  orderIdHigh = 0;
  /** Price in 1e-9, signed: `priceHigh` has the sign, `priceLow` is unsigned. */
  priceLow = 0;
  priceHigh = 0;
  size = 0;
  /** MboFlags bits. */
  flags = 0;
  /** MboAction. */
  action = 0;
  /** MboSide. */
  side = 0;
  /** Number of the message on its channel. */
  sequence = 0;

  /** Reads the record on which `reader` stands; throws CaptureError when it is too short. */
  read(reader: DbnReader): void {
    reader.need(MBO.BYTES);
    const { view, at } = reader;
    this.instrument = view.getUint32(at + HEADER.INSTRUMENT, true);
    this.timeLow = view.getUint32(at + HEADER.EVENT_TIME, true);
    this.timeHigh = view.getUint32(at + HEADER.EVENT_TIME + 4, true);
    this.orderIdLow = view.getUint32(at + MBO.ORDER_ID, true);
    this.orderIdHigh = view.getUint32(at + MBO.ORDER_ID + 4, true);
    this.priceLow = view.getUint32(at + MBO.PRICE, true);
    this.priceHigh = view.getInt32(at + MBO.PRICE + 4, true);
    this.size = view.getUint32(at + MBO.SIZE, true);
    this.flags = view.getUint8(at + MBO.FLAGS);
    this.action = view.getUint8(at + MBO.ACTION);
    this.side = view.getUint8(at + MBO.SIDE);
    this.sequence = view.getUint32(at + MBO.SEQUENCE, true);
  }
}
