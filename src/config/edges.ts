import {
  choice,
  directory,
  endpoint,
  host,
  integer,
  powerOfTwoBytes,
  section,
  text,
  truth,
} from './fields.js';
import { LOG_LEVELS } from './names.js';

/** Sections about the outside of the process and about its shared memory and supervision. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Order entry and market data over HTTP and WebSocket. */
export const gatewaySection = section({
  enabled: truth().default(true),
  host: host().default('127.0.0.1'),
  port: integer(0, 65_535, '0: any free port').default(8080),
  account: integer(1, 65_535, 'the id of an account in risk.accounts').default(1),
  max_body_bytes: integer(256, 16 * MIB, 'bytes').default(64 * KIB),
  max_connections: integer(1, 1_000_000).default(1024),
  // The range is that of uWebSockets.js.
  idle_timeout_s: integer(8, 960, 'seconds').default(60),
  max_backpressure_bytes: integer(KIB, 1024 * MIB, 'bytes per connection').default(MIB),
  cancel_on_disconnect: truth().default(false),
});

/** Market data, order and position events over ZeroMQ. */
export const publisherSection = section({
  enabled: truth().default(true),
  trades: endpoint().default('tcp://127.0.0.1:5556'),
  books: endpoint().default('tcp://127.0.0.1:5557'),
  orders: endpoint().default('tcp://127.0.0.1:6002'),
  positions: endpoint().default('tcp://127.0.0.1:6003'),
  binary: endpoint().default('tcp://127.0.0.1:5560'),
  book_depth: integer(1, 1000, 'levels of each side').default(10),
  book_interval_ms: integer(0, 60_000, 'milliseconds, 0: every change').default(100),
  snapshot_interval_ms: integer(100, 3_600_000, 'milliseconds').default(1000),
  high_water_mark: integer(1, 100_000_000, 'messages per subscriber').default(100_000),
});

export const journalSection = section({
  dir: directory().default('journal'),
  // `async` and `fsync` are known words of the design, so their refusal says why, not just that.
  durability: choice(
    ['none'],
    ' (this version keeps no journal on disk: async and fsync are not implemented yet)',
  ).default('none'),
});

/** Records of whoever changed what while it ran. */
export const auditSection = section({
  file: text(/^(?=.*\S)[^\0]{1,4096}$/, 'the path of a file, or null: audit.jsonl in log.dir')
    .nullable()
    .default(null),
});

export const logSection = section({
  level: choice(LOG_LEVELS).default('info'),
  dir: directory().default('logs'),
  console: truth().default(true),
});

const ringBytes = () => powerOfTwoBytes(64 * KIB, 1024 * MIB);

/** Sizes of the ring buffers. */
export const ringsSection = section({
  commands: ringBytes().default(MIB),
  sequenced: ringBytes().default(4 * MIB),
  events: ringBytes().default(16 * MIB),
  market: ringBytes().default(16 * MIB),
  positions: ringBytes().default(MIB),
  log: ringBytes().default(MIB),
});

export const supervisorSection = section({
  heartbeat_timeout_ms: integer(50, 60_000, 'milliseconds').default(800),
  restart_limit: integer(0, 1000, 'restarts of one stage').default(5),
  shutdown_timeout_ms: integer(100, 60_000, 'milliseconds').default(4000),
});
