import { userInfo } from 'node:os';
import { loadConfig } from '../config/load.js';

/** Why a command did not do what it was asked, for people. */
export class OperatorError extends Error {
  constructor(message: string) {
    super(message);
    // The command line prints messages made for people without a stack.
    this.name = 'OperatorError';
  }
}

/** Options of all commands that talk to a running process. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly config?: string;
  readonly operator?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface ErrorBody {
  readonly message: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly allowed: string | null;
}

/** The REST interface of a running process, in the name of an operator. */
export class OperatorClient {
  readonly url: string;
  readonly #operator: string;

  /** Without `url`: where the configuration has the gateway. Throws OperatorError, and ConfigError for a faulty configuration. */
  constructor({ url, config, operator }: ConnectionFlags) {
    this.url = (url ?? configuredUrl(config)).replace(/\/+$/, '');
    if (!URL.canParse(this.url)) throw new OperatorError(`--url is ${url}, allowed: http://HOST:PORT`);
    this.#operator = operator ?? userName().replace(/[^A-Za-z0-9 ._@+-]/g, '_');
    if (!/^[\x20-\x7e]{1,64}$/.test(this.#operator))
      throw new OperatorError(
        `--operator is ${operator}, allowed: 1 to 64 ASCII letters, digits, spaces, ". _ @ + -"`,
      );
  }

  /** A request; whatever the reply is. Throws OperatorError when there is none. */
  async request(method: string, path: string, body?: object): Promise<Reply> {
    let reply: Response;
    try {
      reply = await fetch(this.url + path, {
        method,
        headers: { 'x-operator': this.#operator },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const { cause } = error as { cause?: { message?: string } };
      throw new OperatorError(
        `no reply from ${this.url}: ${cause?.message ?? String(error)}; is Millrace running there?`,
      );
    }
    const text = await reply.text();
    try {
      return { status: reply.status, body: JSON.parse(text) as Reply['body'] };
    } catch {
      throw new OperatorError(`${method} ${this.url}${path}: the reply is no JSON (status ${reply.status})`);
    }
  }

  /** A request that has to succeed. Throws OperatorError with what the process has to say against it. */
  async call<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T> {
    const { status, body: reply } = await this.request(method, path, body);
    if (status === 200) return reply as T;
    throw new OperatorError(refusalText(status, reply));
  }
}

/** What a reply that is no success says. */
export function refusalText(status: number, body: Reply['body']): string {
  const error = body.error as ErrorBody | undefined;
  if (error === undefined) return `refused (${status}): ${String(body.reason ?? JSON.stringify(body))}`;
  const value = error.value === null ? '' : ` = ${error.value}`;
  const key = error.key === null ? '' : `${error.key}${value}: `;
  const allowed = error.allowed === null ? '' : `, allowed: ${error.allowed}`;
  return `${key}${error.message}${allowed}`;
}

function configuredUrl(file: string | undefined): string {
  const { host, port, enabled } = loadConfig({ file, env: process.env, flags: [] }).config.gateway;
  if (!enabled || port === 0)
    throw new OperatorError(
      'the configuration does not say where the gateway is: use --url http://HOST:PORT',
    );
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in some containers.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
