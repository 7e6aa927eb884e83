const MAXIMUM_JOBS = 256;

/** A flag of `millrace replay` has a value that is not allowed. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** `max` (Infinity), or a multiple of the recorded speed. Throws {@link ArgumentError}. */
export function parseSpeed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(text);
  if (text.trim() !== '' && speed > 0 && Number.isFinite(speed)) return speed;
  throw new ArgumentError(`--speed is "${text}", allowed: max, or a number above 0 (1: as recorded)`);
}

/** Number of worker threads. Throws {@link ArgumentError}. */
export function parseJobs(text: string): number {
  const jobs = Number(text);
  if (/^\d+$/.test(text) && jobs >= 1 && jobs <= MAXIMUM_JOBS) return jobs;
  throw new ArgumentError(`--jobs is "${text}", allowed: a whole number from 1 to ${MAXIMUM_JOBS}`);
}
