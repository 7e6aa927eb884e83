/**
 * Subscribes to the JSON endpoints of a running Millrace and prints what comes, in a process of its own.
 *
 *     npm run build
 *     node dist/examples/typescript/subscribe.js [--count N] [--timeout SECONDS] [--json] [ENDPOINT ...]
 *
 * Without endpoints: trades and books. Every message of an endpoint carries `seq`, which rises by one; a jump means
 * that messages were lost on the way (this process was too slow), a step back that the publisher was restarted.
 * Exits with 1 when the time was up before the count.
 */
import { parseArgs } from 'node:util';
import { Subscriber } from 'zeromq';

const TRADES = 'tcp://127.0.0.1:5556';
const BOOKS = 'tcp://127.0.0.1:5557';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '0' },
    timeout: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const endpoints = positionals.length > 0 ? positionals : [TRADES, BOOKS];
const count = Number(values.count);
const timeoutMs = Number(values.timeout) * 1000;

const sockets = endpoints.map((endpoint) => {
  const socket = new Subscriber({ linger: 0 });
  socket.connect(endpoint);
  socket.subscribe();
  return socket;
});

let received = 0;
let lost = 0;

function finish(exitCode: number): void {
  for (const socket of sockets) socket.close();
  console.error(`${received} messages, ${lost} lost`);
  process.exitCode = exitCode;
}

/** Prints the messages of one endpoint until its socket is closed. */
async function listen(socket: Subscriber, endpoint: string): Promise<void> {
  let last = 0;
  for await (const [frame] of socket) {
    const text = frame.toString();
    // Timestamps have 19 digits, more than a JavaScript number holds: take them from the text where they matter.
    const message = JSON.parse(text) as { seq: number };
    if (last !== 0 && message.seq > last + 1) {
      lost += message.seq - last - 1;
      console.error(`${endpoint}: lost ${message.seq - last - 1} messages before seq ${message.seq}`);
    }
    last = message.seq;
    console.log(values.json ? text : `${endpoint} ${text}`);
    if (++received === count) finish(0);
    if (count > 0 && received >= count) return;
  }
}

const timer = timeoutMs > 0 ? setTimeout(() => finish(count > 0 ? 1 : 0), timeoutMs) : undefined;
await Promise.all(sockets.map((socket, index) => listen(socket, endpoints[index])));
clearTimeout(timer);
