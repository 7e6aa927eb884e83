/** SIGTERM under full load: exit code 0 (the supervisor gives 1 when its time runs out), ports free, nothing left. */
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { isPortFree, MillraceProcess } from '../support/process.js';

const ROUNDS = Number(process.env.MILLRACE_STRESS ?? 1) * 4;
const CONNECTIONS = 32;

/** Keep-alive connections that send the next order as soon as the last is answered, until the server closes them. */
class Load {
  answered = 0;
  readonly #done: Promise<unknown>;

  constructor(port: number) {
    this.#done = Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => this.#run(port, i)));
  }

  /** Resolves when every connection has ended. */
  finished(): Promise<unknown> {
    return this.#done;
  }

  async #run(port: number, connection: number): Promise<void> {
    const socket = connect(port, '127.0.0.1');
    let sent = 0;
    const send = (): void => {
      const side = sent % 2 === 0 ? 'BUY' : 'SELL';
      const order = {
        client_order_id: `load-${connection}-${sent++}`,
        symbol: 'ETH-USD',
        side,
        quantity: '0.01',
        price: '3000',
      };
      const body = JSON.stringify({ ...order, order_type: 'LIMIT', time_in_force: 'IOC' });
      socket.write(`POST /api/order HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    };
    socket.on('error', () => {});
    socket.on('connect', send);
    socket.on('data', () => {
      this.answered++;
      send();
    });
    await new Promise((done) => socket.on('close', done));
  }
}

it(
  `SIGTERM under full load ends cleanly, ${ROUNDS} times out of ${ROUNDS}`,
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const millrace = await MillraceProcess.start(['--simulation.rate=20000']);
      const load = new Load(millrace.ports.gateway);
      while (load.answered < 2000) await new Promise((done) => setTimeout(done, 10));
      expect(await millrace.stop(), millrace.stderr).toEqual({ code: 0, signal: null });
      await load.finished();
      for (const [name, port] of Object.entries(millrace.ports)) {
        expect(await isPortFree(port), `${name} port ${port} after the end`).toBe(true);
      }
    }
  },
  ROUNDS * 30_000,
);

it('a second signal ends the process at once', async () => {
  const millrace = await MillraceProcess.start([
    '--drills=[{"agent":"matching","action":"stall","after_ms":0}]',
  ]);
  millrace.child.kill('SIGINT');
  await millrace.waitForOutput('stopping: signal SIGINT');
  millrace.child.kill('SIGINT');
  expect(await millrace.exited()).toEqual({ code: null, signal: 'SIGINT' });
  await millrace.stop();
});
