import { choice, group, groupList, integer, name, section, text, timeOfDay, wordList } from './fields.js';
import { DAYS, SCHEDULED_PHASES } from './names.js';

/** Trading sessions: which phase an instrument is in at which time of which day, and how long interruptions last. */

const days = () => wordList(choice(DAYS), `a list of days: ${DAYS.join(', ')}`, 1);

const change = group({
  at: timeOfDay(),
  phase: choice(SCHEDULED_PHASES),
  random_seconds: integer(0, 3600, 'seconds').default(0),
  days: days().optional(),
});

const session = group({
  name: name(),
  utc_offset: text(/^([+-](0\d|1[0-4]):[0-5]\d|UTC)$/, 'UTC, or a fixed offset such as "+01:00"').default(
    'UTC',
  ),
  days: days().default(['mon', 'tue', 'wed', 'thu', 'fri']),
  phases: groupList(change, 'a list of one or more phase changes ({at, phase, random_seconds, days})', 1),
});

export const sessionList = groupList(
  session,
  'a list of trading sessions ({name, utc_offset, days, phases})',
).prefault([]);

/** How long volatility auctions and halts last that a price band has started. */
export const interruptionsSection = section({
  volatility_auction_seconds: integer(0, 86_400, 'seconds, 0: until an operator ends it').default(120),
  extension_seconds: integer(0, 86_400, 'seconds, 0: never longer').default(0),
  halt_seconds: integer(0, 86_400, 'seconds, 0: until an operator ends it').default(300),
});
