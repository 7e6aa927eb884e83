/** Subscribes to everything on the endpoints in its arguments and tells its parent how many messages came. */
import { Subscriber } from 'zeromq';

let received = 0;
let reported = 0;

async function listen(endpoint: string): Promise<void> {
  const socket = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  socket.connect(endpoint);
  socket.subscribe();
  for await (const _ of socket) received++;
}

setInterval(() => {
  if (received === reported) return;
  reported = received;
  process.send?.(received);
}, 20);
process.on('disconnect', () => process.exit());
for (const endpoint of process.argv.slice(2)) void listen(endpoint);
