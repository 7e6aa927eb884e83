/** Cancel on disconnect in a whole process: its gateway thread dies and is replaced, and it is told to stop. */
import { expect, it } from 'vitest';
import { LIMIT_ORDER, until } from '../support/gateway-rig.js';
import { MillraceProcess } from '../support/process.js';
import { Client, type Message } from '../support/websocket-client.js';

/** After that many ms the gateway thread throws; by then the orders are in. */
const DEATH = 4000;

it('a gateway thread that dies takes the orders of its sessions along, as they asked', async () => {
  const millrace = await MillraceProcess.start([
    '--simulation.enabled=false',
    `--drills=[{"agent":"gateway","action":"throw","after_ms":${DEATH}}]`,
  ]);
  try {
    const open = async (): Promise<string[]> => {
      const { orders } = await millrace.get<{ orders: Message[] }>('/api/orders?status=OPEN');
      return orders.map(({ client_order_id }) => String(client_order_id));
    };
    const [asked, silent] = [
      await Client.open(millrace, '?cancel_on_disconnect=true'),
      await Client.open(millrace),
    ];
    for (let i = 0; i < 5; i++)
      await asked.ask({ op: 'order', ...LIMIT_ORDER, client_order_id: `asked-${i}` });
    await silent.ask({ op: 'order', ...LIMIT_ORDER, client_order_id: 'silent' });
    await millrace.order({ ...LIMIT_ORDER, client_order_id: 'rest' });
    expect(await open()).toHaveLength(7);

    await until(() => asked.closed !== undefined, 20_000);
    const left = async (): Promise<string> => (await open().catch(() => [])).sort().join();
    await until(async () => (await left()) === 'rest,silent', 20_000);
    // Stopping cancels as well, and the process ends as it should.
    await (await Client.open(millrace, '?cancel_on_disconnect=true')).ask({ op: 'order', ...LIMIT_ORDER });
  } finally {
    expect(await millrace.stop()).toEqual({ code: 0, signal: null });
  }
}, 60_000);
