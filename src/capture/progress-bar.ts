import cliProgress from 'cli-progress';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` under a progress bar on standard error, or without one where that is no terminal (`update` is undefined then).
 * `total` and `done` are in any one unit. A bar switches line wrapping off, so a signal puts the terminal right before it
 * ends the process as it would have without us.
 */
export async function withProgressBar<T>(
  total: number,
  work: (update: ((done: number, messages: number) => void) | undefined) => Promise<T>,
  label = 'replay',
): Promise<T> {
  if (!process.stderr.isTTY) return work(undefined);
  const bar = new cliProgress.SingleBar({
    format: `${label} [{bar}] {percentage}% {messages} messages`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  const stop = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    bar.stop();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    stop();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  bar.start(total, 0, { messages: 0 });
  try {
    return await work((done, messages) => bar.update(Math.min(total, done), { messages }));
  } finally {
    stop();
  }
}
