import { describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/agent.js';
import { DutyCycle, HEARTBEAT_MS } from '../../src/agent/runner.js';
import { createBoard, Drill, Phase, ThreadBoard } from '../../src/agent/thread-board.js';
import { SessionClock, startSession } from '../../src/lib/clock.js';

const clock = new SessionClock(startSession());

interface Wishes {
  readonly work?: boolean;
  /** Session time of its next timed work; undefined: it has none to tell of. */
  readonly due?: number;
}

function agentThat({ work = false, due }: Wishes): Agent {
  const plain: Agent = { name: 'strategies', doWork: () => 0, hasWork: () => work };
  return due === undefined ? plain : { ...plain, nextDue: () => due };
}

function rig(...wishes: Wishes[]) {
  const board = new ThreadBoard(createBoard());
  const agents = wishes.map(agentThat);
  const cycle = new DutyCycle({ thread: 0, board, clock, agents, downstream: [], idle: 'park' });
  cycle.goesOn();
  return { board, cycle };
}

describe('a thread about to park', () => {
  it('waits for its next heartbeat when no timer comes before', () => {
    expect(rig({}).cycle.parkMs()).toBe(HEARTBEAT_MS);
    expect(rig({ due: Number.POSITIVE_INFINITY }, {}).cycle.parkMs()).toBe(HEARTBEAT_MS);
    expect(rig({ due: clock.now() + 3600e9 }).cycle.parkMs()).toBe(HEARTBEAT_MS);
  });

  it('waits for the earliest timer', () => {
    const milliseconds = rig({ due: clock.now() + 3600e9 }, { due: clock.now() + 90e6 }, {}).cycle.parkMs();
    expect(milliseconds).toBeLessThanOrEqual(90);
  });

  it('does not wait when a timer is due, input is at hand, or the supervisor has spoken', () => {
    expect(rig({}, { due: 0 }).cycle.parkMs()).toBe(0);
    expect(rig({ work: true }).cycle.parkMs()).toBe(0);
    const phase = rig({});
    phase.board.enter(Phase.Running);
    expect(phase.cycle.parkMs()).toBe(0);
    const drill = rig({});
    drill.board.setDrill(0, Drill.Throw);
    expect(drill.cycle.parkMs()).toBe(0);
  });
});
