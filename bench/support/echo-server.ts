/** The least that uWebSockets.js can do with a POST: read the body and send it back. Tells its parent the port. */
import { App, us_listen_socket_close, us_socket_local_port } from 'uWebSockets.js';

const app = App();
app.post('/*', (response) => {
  response.onAborted(() => {});
  response.onData((chunk, isLast) => {
    if (isLast) response.end(chunk);
  });
});
app.listen('127.0.0.1', 0, (socket) => {
  if (socket === false) throw new Error('echo server: no port');
  process.send?.(us_socket_local_port(socket as unknown as Parameters<typeof us_socket_local_port>[0]));
  process.on('disconnect', () => {
    us_listen_socket_close(socket);
    app.close();
  });
});
