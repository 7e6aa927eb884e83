/** Subscribes to everything on the endpoints in its arguments and hands it to its parent. */
import { Subscriber } from 'zeromq';
import type { Received } from '../support/publisher-rig.js';

let waiting: Received[] = [];

async function listen(endpoint: string): Promise<void> {
  const socket = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  socket.connect(endpoint);
  socket.subscribe();
  for await (const frames of socket) {
    if (waiting.length === 0) setImmediate(deliver);
    waiting.push({ endpoint, frames: frames.map((frame) => frame.toString('latin1')) });
  }
}

function deliver(): void {
  process.send?.(waiting);
  waiting = [];
}

process.on('disconnect', () => process.exit());
for (const endpoint of process.argv.slice(2)) void listen(endpoint);
