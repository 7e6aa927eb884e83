import { choice, group, groupList, integer, name, wordList } from './fields.js';
import { AGENTS, DRILL_ACTIONS, IDLE_STRATEGIES } from './names.js';

export const coreNumber = () => integer(0, 1023, 'a core number');

/** One thread of the layout that replaces the profile's. */
const thread = group({
  name: name(),
  agents: wordList(choice(AGENTS), `a list of one or more of ${AGENTS.join(', ')}`, 1),
  core: coreNumber().nullable().default(null),
  idle: choice(IDLE_STRATEGIES).default('park'),
  priority: integer(1, 99, 'SCHED_FIFO priority, or null').nullable().default(null),
});

export const threadList = groupList(
  thread,
  'a list of threads ({name, agents, core, idle, priority}), or null for the layout of the profile',
  1,
);

export const housekeepingCores = wordList(coreNumber(), 'a list of core numbers');

/** A fault drill: makes a worker fail on purpose, to rehearse supervision. */
const drill = group({
  agent: choice(AGENTS),
  action: choice(DRILL_ACTIONS),
  after_ms: integer(0, 86_400_000, 'milliseconds after start'),
});

export const drillList = groupList(drill, 'a list of fault drills ({agent, action, after_ms})');
