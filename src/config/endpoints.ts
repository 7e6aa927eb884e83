import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Where something listens. Port 0 asks the system for a free one. */
export type Endpoint =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'ipc'; readonly path: string };

const TCP = /^tcp:\/\/(\*|\[[^\]]*\]|[^:/[\]*]+):(\*|\d{1,5})$/;
const HOST_NAME =
  /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*$/;
/** sockaddr_un.sun_path holds 108 bytes with the terminating zero. */
const MAX_IPC_PATH_BYTES = 107;

/** An IP address or a host name (of a network interface, too), without brackets. */
export function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  // Digits and dots only is a mistyped address, never a name.
  return text.length <= 253 && HOST_NAME.test(text) && !/^[\d.]+$/.test(text);
}

/** Only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Reads a ZeroMQ bind address (`tcp://host:port`, `ipc://path`); undefined when it is not one. */
export function parseEndpoint(text: string): Endpoint | undefined {
  if (text.startsWith('ipc://')) {
    const path = text.slice('ipc://'.length);
    const bytes = Buffer.byteLength(path);
    // `ipc://*` would give each start another random path that no subscriber can know.
    return bytes > 0 && bytes <= MAX_IPC_PATH_BYTES && path !== '*' && !path.includes('\0')
      ? { kind: 'ipc', path }
      : undefined;
  }
  const match = TCP.exec(text);
  if (match === null) return undefined;
  const port = match[2] === '*' ? 0 : Number(match[2]);
  if (port > 65_535) return undefined;
  if (match[1].startsWith('[')) {
    const host = match[1].slice(1, -1);
    return isIPv6(host) ? { kind: 'tcp', host, port } : undefined;
  }
  return match[1] === '*' || isHost(match[1]) ? { kind: 'tcp', host: match[1], port } : undefined;
}

function isWildcard(host: string): boolean {
  return host === '*' || host === '0.0.0.0' || host === '::';
}

/** Both cannot be bound at the same time. */
export function endpointsClash(a: Endpoint, b: Endpoint): boolean {
  if (a.kind === 'ipc' || b.kind === 'ipc') return a.kind === 'ipc' && b.kind === 'ipc' && a.path === b.path;
  if (a.port === 0 || a.port !== b.port) return false;
  if (isWildcard(a.host) || isWildcard(b.host)) return true;
  return canonicalHost(a.host) === canonicalHost(b.host);
}

function canonicalHost(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host.toLowerCase();
}
