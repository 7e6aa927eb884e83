import { DECIMAL_MALFORMED, formatDecimal, parseDecimal } from '../../../lib/decimal.js';
import { REASON_NAMES, TRADING_PHASE_NAMES, TradingPhase } from '../../../lib/enums.js';
import type { Instrument, InstrumentTable } from '../../../lib/instruments.js';
import { GATEWAY_SOURCE } from '../../../lib/order-ids.js';
import * as ExecutionReport from '../../../messages/views/execution-report.js';
import * as InstrumentStatus from '../../../messages/views/instrument-status.js';
import * as SetPhase from '../../../messages/views/set-phase.js';
import { FULL, type RingProducer } from '../../../ring/producer.js';
import { DONE_STATUS, REFUSED_STATUS } from '../answers.js';
import { apiError, ERROR_STATUS, errorBody } from '../api-error.js';
import { requestKeyHigh } from '../command-port.js';
import type { OrderStore } from '../order-store.js';
import type { PendingTable } from '../pending.js';
import { CommandKind, type Responder } from '../responder.js';
import type { Call } from '../routes.js';
import { type AuditFields, type AuditTrail, type Operator, SYSTEM } from './audit-trail.js';
import { instrumentOf } from './kill-desk.js';
import { OperationBody, operatorOf, RequestError } from './operation-body.js';
import { replyDone, replyNotAudited } from './operation-reply.js';

const KEYS = ['symbol', 'phase', 'reference_price', 'reason'] as const;
/** Phases by their names in requests and records. */
const PHASES = TRADING_PHASE_NAMES.slice(TradingPhase.PreOpen) as readonly string[];

const BUSY = apiError('BUSY', 'risk takes commands in more slowly than they come; try again');

export interface PhaseDeskParts {
  readonly instruments: InstrumentTable;
  readonly trail: AuditTrail;
  readonly store: OrderStore;
  readonly pending: PendingTable;
  readonly commands: RingProducer;
  readonly wake: () => void;
  readonly now: () => number;
  readonly accepting: () => boolean;
  /** TradingPhase of an instrument, as last told. */
  readonly phaseOf: (instrument: number) => number;
}

interface PhaseRequest {
  readonly instrument: Instrument;
  readonly phase: number;
  /** Ticks; NaN: as it is. */
  readonly referencePrice: number;
  readonly reason: string;
}

/** `POST /api/phase`: an operator's phase change, sequenced like every command; and the records of all phase changes. */
export class PhaseDesk {
  readonly #parts: PhaseDeskParts;
  /** When the operators' changes in flight were sent, which their events repeat. */
  readonly #sent = new Set<number>();

  constructor(parts: PhaseDeskParts) {
    this.#parts = parts;
  }

  handle(call: Call): void {
    const operator = operatorOf(call);
    const request = this.#parse(call.body);
    const { exchange } = call;
    this.#parts.trail.change({
      describe: () => {
        this.#checkRoom();
        return [this.#record(operator, request)];
      },
      apply: () => this.#send(exchange, operator, request),
      done: (error) => {
        if (error !== undefined) replyNotAudited(exchange, error);
      },
    });
  }

  /** An InstrumentStatus: what changed a phase without an operator here is recorded when it has happened. */
  onStatus(words: Int32Array, at: number): void {
    const phase = InstrumentStatus.phase(words, at);
    const before = InstrumentStatus.previousPhase(words, at);
    const instrument = this.#parts.instruments.at(InstrumentStatus.instrument(words, at));
    if (phase === before || instrument === undefined) return;
    const reason = InstrumentStatus.reason(words, at);
    // Besides operators, whose requests are recorded before they are sent, only the sequencer's schedule changes phases.
    if (reason === 0 && this.#sent.has(InstrumentStatus.received(words, at))) return;
    this.#parts.trail.note({
      operator: SYSTEM.name,
      address: SYSTEM.address,
      action: 'phase',
      target: { symbol: instrument.symbol, event: InstrumentStatus.eventSequence(words, at) },
      before: TRADING_PHASE_NAMES[before] ?? null,
      after: TRADING_PHASE_NAMES[phase] ?? null,
      reason: reason === 0 ? 'schedule' : (REASON_NAMES[reason] ?? ''),
    });
  }

  #parse(text: string): PhaseRequest {
    const body = new OperationBody(text, KEYS);
    const instrument = instrumentOf(body, this.#parts.instruments);
    const phase = TRADING_PHASE_NAMES.indexOf(body.word('phase', PHASES));
    return { instrument, phase, referencePrice: referenceOf(body, instrument), reason: body.reason() };
  }

  #record(operator: Operator, { instrument, phase, referencePrice, reason }: PhaseRequest): AuditFields {
    const { symbol, tick, index } = instrument;
    const reference = Number.isNaN(referencePrice)
      ? {}
      : { reference_price: formatDecimal(referencePrice, tick) };
    return {
      operator: operator.name,
      address: operator.address,
      action: 'phase',
      target: { symbol },
      before: TRADING_PHASE_NAMES[this.#parts.phaseOf(index)] ?? null,
      after: { phase: TRADING_PHASE_NAMES[phase] ?? null, ...reference },
      reason,
    };
  }

  /** Throws RequestError when no command can be sent now: before anything is recorded. */
  #checkRoom(): void {
    const { accepting, store, pending, commands } = this.#parts;
    if (!accepting()) throw new RequestError(apiError('NOT_ACCEPTING', 'the system is shutting down'));
    const at = commands.claim(SetPhase.TYPE, SetPhase.BYTES);
    if (at !== FULL) commands.abort();
    if (at === FULL || !pending.hasRoom(store.nextCommand)) throw new RequestError(BUSY);
  }

  #send(exchange: Call['exchange'], operator: Operator, request: PhaseRequest): void {
    const { store, pending, commands, wake, now } = this.#parts;
    const { instrument, phase, referencePrice } = request;
    const number = store.nextCommand;
    const received = now();
    const responder = new PhaseAnswer((status, body, reason) => {
      this.#sent.delete(received);
      const { symbol } = instrument;
      if (status !== DONE_STATUS) this.#noteRefusal(operator, request, reason ?? body);
      if (status !== DONE_STATUS && status !== REFUSED_STATUS) exchange.reply(status, body);
      else replyDone(exchange, { symbol, phase: TRADING_PHASE_NAMES[phase], reason }, status);
    });
    const at = commands.claim(SetPhase.TYPE, SetPhase.BYTES);
    // Clients went on while the record was written: the room that there was may be gone.
    if (at === FULL) {
      responder.answer(ERROR_STATUS.BUSY, errorBody(BUSY));
      return;
    }
    const reference = Number.isNaN(referencePrice) ? 0 : referencePrice;
    SetPhase.encode(
      commands.words,
      at,
      0,
      0,
      received,
      number | 0,
      requestKeyHigh(number),
      reference,
      instrument.index,
      GATEWAY_SOURCE,
      phase,
      Number.isNaN(referencePrice) ? 0 : 1,
    );
    commands.commitAndPublish();
    wake();
    this.#sent.add(received);
    store.takeCommand();
    pending.add(number, { kind: CommandKind.MassCancel, responder, place: -1, orderId: 0, received });
  }

  /** The record said what was asked for; this one says that it has not happened, as far as anybody knows. */
  #noteRefusal(operator: Operator, request: PhaseRequest, reason: string): void {
    const record = this.#record(operator, request);
    this.#parts.trail.note({ ...record, after: record.before, reason: `refused: ${reason}` });
  }
}

function referenceOf(body: OperationBody, { tick, tickSize }: Instrument): number {
  const allowed = `a multiple of the tick size ${tickSize}, in quotes`;
  if (!body.has('reference_price')) return Number.NaN;
  const ticks = parseDecimal(body.text('reference_price', allowed), tick);
  return ticks > DECIMAL_MALFORMED ? ticks : body.refuse('reference_price', allowed);
}

/** Takes the answer to a phase change, whether or not the client is still there. */
class PhaseAnswer implements Responder {
  readonly open = true;
  readonly owner = 0;
  readonly cancelOnDisconnect = false;
  readonly #onAnswer: (status: number, body: string, reason: string | null) => void;
  #reason: string | null = null;

  constructor(onAnswer: (status: number, body: string, reason: string | null) => void) {
    this.#onAnswer = onAnswer;
  }

  onReport(words: Int32Array, at: number): void {
    const reason = ExecutionReport.reason(words, at);
    this.#reason = reason === 0 ? null : (REASON_NAMES[reason] ?? null);
  }

  answer(status: number, body: string): void {
    this.#onAnswer(status, body, this.#reason);
  }
}
