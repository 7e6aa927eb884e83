/**
 * A client in a process of its own: connects to the URL in its first argument, enters as many orders as the second says, tells its
 * parent once all are answered, and stays until somebody ends it.
 */
import { LIMIT_ORDER } from './gateway-rig.js';
import { Client } from './websocket-client.js';

const [url, count] = process.argv.slice(2);
const client = await Client.open({ url }, '?cancel_on_disconnect=true');
for (let i = 0; i < Number(count); i++) {
  const reply = await client.ask({ op: 'order', ...LIMIT_ORDER, price: 59_000 - i });
  if (reply.status !== 'NEW') throw new Error(`order ${i}: ${JSON.stringify(reply)}`);
}
process.send?.('entered');
