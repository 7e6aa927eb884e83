/**
 * The seed of this run's random tests: environment MILLRACE_SEED, or a fresh one. fast-check prints it when a
 * property fails; give it back in MILLRACE_SEED to see the same failure.
 */
export const SEED: number = Number(process.env.MILLRACE_SEED ?? Date.now() & 0x7fffffff);
