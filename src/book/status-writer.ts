/** Fills in the status events of instruments and hands them to the sink. */
import type { Reason } from '../lib/enums.js';
import type { EngineState } from './engine-state.js';
import { StatusEvent } from './matching.js';

export class StatusWriter {
  declare private readonly state: EngineState;
  private readonly event = new StatusEvent();

  constructor(state: EngineState) {
    this.state = state;
  }

  /** The instrument as it is now, with what was last published as its indicative price. */
  send(instrument: number, previousPhase: number, reason: Reason): void {
    const { event } = this;
    const { instruments, events } = this.state;
    event.instrument = instrument;
    event.phase = instruments.phase[instrument];
    event.previousPhase = previousPhase;
    event.reason = reason;
    event.indicativePrice = instruments.indicativePrice[instrument];
    event.indicativeQuantity = instruments.indicativeQuantity[instrument];
    event.surplus = instruments.surplus[instrument];
    event.lastPrice = instruments.lastPrice[instrument];
    event.referencePrice = instruments.referencePrice[instrument];
    events.status(event);
  }
}
