/** A stage as the health report sees it. */
export interface StageHealth {
  readonly stage: string;
  readonly status: string;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly body: string;
}

/**
 * Whether this process can trade: every stage runs and orders are accepted. Books that are out of sync are told but do not
 * make the whole unready: orders in other instruments go on.
 */
export function healthReport(
  stages: readonly StageHealth[],
  accepting: boolean,
  unsyncedBooks: readonly string[],
  uptimeSeconds: number,
  sessionStart: string,
): HealthReport {
  const running = stages.every(({ status }) => status === 'running');
  const ready = running && accepting;
  const status = ready ? 'ready' : accepting ? 'not_ready' : 'stopping';
  const body = JSON.stringify({
    status,
    ready,
    stages,
    unsynced_books: unsyncedBooks,
    uptime_s: uptimeSeconds,
    session_start_ns: sessionStart,
  });
  return { ready, body };
}
