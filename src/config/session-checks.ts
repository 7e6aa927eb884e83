import type { Report } from './checks.js';
import { LOCAL_VENUE } from './names.js';
import type { Config } from './schema.js';

const DAY_SECONDS = 86_400;

/** Seconds after midnight of HH:MM:SS. */
export function secondsOf(time: string): number {
  const [hours, minutes, seconds] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/** Sessions: names are unique, times rise and leave room for their random part, instruments name one that there is. */
export function checkSessions({ sessions, instruments }: Config, report: Report): void {
  for (const [index, { name, phases }] of sessions.entries()) {
    const first = sessions.findIndex((one) => one.name === name);
    if (first < index) report(['sessions', index, 'name'], `a name not used before (sessions[${first}])`);
    for (const [at, change] of phases.entries()) {
      const begins = secondsOf(change.at);
      const next = phases.at(at + 1);
      if (next !== undefined && secondsOf(next.at) <= begins)
        report(
          ['sessions', index, 'phases', at + 1, 'at'],
          `a time after ${change.at}: in the order of the day`,
        );
      else if (begins + change.random_seconds > (next === undefined ? DAY_SECONDS : secondsOf(next.at)))
        report(
          ['sessions', index, 'phases', at, 'random_seconds'],
          `seconds that end before ${next?.at ?? 'midnight'}`,
        );
    }
  }
  const names = sessions.map((one) => one.name);
  const allowed = `null, or a name in sessions: ${names.length === 0 ? 'there is none' : names.join(', ')}`;
  for (const [index, { session, venue }] of instruments.entries()) {
    if (session !== null && venue !== LOCAL_VENUE)
      report(['instruments', index, 'session'], `null: ${venue} has its own`);
    else if (session !== null && !names.includes(session)) report(['instruments', index, 'session'], allowed);
  }
}
