import * as ExecutionReport from '../../../messages/views/execution-report.js';
import { DONE_STATUS, REFUSED_STATUS } from '../answers.js';
import { ERROR_STATUS } from '../api-error.js';
import type { OrderDesk } from '../order-desk.js';
import type { Responder } from '../responder.js';

/** Mass cancels on their way at once. */
const IN_FLIGHT = 256;
/** Before a mass cancel is sent again that was refused for its rate or for want of room, ms. */
const RETRY_MS = 2;
/** Refusals of one account that are taken before it is given up: with the pause between, ten seconds. */
const TRIES = 5000;

/** What a sweep has done. Times are session nanoseconds. */
export interface SweepResult {
  /** Orders canceled. */
  readonly canceled: number;
  readonly accounts: number;
  /** Accounts whose orders could not be canceled; why the last of them could not. */
  readonly failed: number;
  readonly problem: string;
  /** When risk sequenced the last mass cancel: what happened to its orders carries that time. NaN: none was. */
  readonly sequencedAt: number;
  /** When the gateway had seen the last order go. */
  readonly finishedAt: number;
}

/**
 * Cancels all orders of accounts, in one instrument or all, by one mass cancel each. With the kill switch engaged before it
 * starts nothing is left afterwards: a mass cancel is sequenced behind every order that passed the switch, and its answer comes
 * behind the end of the last order that it canceled.
 */
export class MassSweep {
  readonly #desk: OrderDesk;
  readonly #now: () => number;
  readonly #accounts: readonly number[];
  readonly #instrument: number;
  readonly #finish: (result: SweepResult) => void;
  #next = 0;
  #open = 0;
  #canceled = 0;
  #failed = 0;
  #problem = '';
  #sequencedAt = Number.NaN;

  constructor(
    desk: OrderDesk,
    now: () => number,
    scope: { readonly accounts: readonly number[]; readonly instrument: number },
    finish: (result: SweepResult) => void,
  ) {
    this.#desk = desk;
    this.#now = now;
    this.#accounts = scope.accounts;
    this.#instrument = scope.instrument;
    this.#finish = finish;
  }

  start(): void {
    while (this.#open < IN_FLIGHT && this.#next < this.#accounts.length) {
      this.#open++;
      this.#send(this.#accounts[this.#next++], TRIES);
    }
  }

  #send(account: number, tries: number): void {
    const responder = new SweepResponder(
      (at) => {
        this.#sequencedAt = at;
      },
      (status, body) => this.#onAnswer(account, tries, status, body),
    );
    this.#desk.cancelAll({ account, instrument: this.#instrument, side: 0 }, responder);
  }

  #onAnswer(account: number, tries: number, status: number, body: string): void {
    const isBusy = status === ERROR_STATUS.BUSY;
    const reason = status === REFUSED_STATUS ? (JSON.parse(body) as { reason: string }).reason : '';
    if ((isBusy || reason === 'RATE_LIMIT' || reason === 'MESSAGE_RATE') && tries > 0) {
      setTimeout(() => this.#send(account, tries - 1), RETRY_MS).unref();
      return;
    }
    if (status === DONE_STATUS) this.#canceled += (JSON.parse(body) as { canceled: number }).canceled;
    else {
      this.#failed++;
      this.#problem = `account ${account}: ${body}`;
    }
    this.#open--;
    if (this.#next < this.#accounts.length) this.start();
    else if (this.#open === 0) this.#end();
  }

  #end(): void {
    this.#finish({
      canceled: this.#canceled,
      accounts: this.#accounts.length,
      failed: this.#failed,
      problem: this.#problem,
      sequencedAt: this.#sequencedAt,
      finishedAt: this.#now(),
    });
  }
}

/** Takes the answer to one mass cancel. */
class SweepResponder implements Responder {
  readonly open = true;
  readonly owner = 0;
  readonly cancelOnDisconnect = false;
  readonly #onSequenced: (at: number) => void;
  readonly #onAnswer: (status: number, body: string) => void;

  constructor(onSequenced: (at: number) => void, onAnswer: (status: number, body: string) => void) {
    this.#onSequenced = onSequenced;
    this.#onAnswer = onAnswer;
  }

  onReport(words: Int32Array, at: number): void {
    this.#onSequenced(ExecutionReport.timestamp(words, at));
  }

  answer(status: number, body: string): void {
    this.#onAnswer(status, body);
  }
}
