import { describe, expect, it } from 'vitest';
import { runIo } from '../../src/agent/io-runner.js';
import { DrillExit, HEARTBEAT_MS, type RunnerOptions, runCompute } from '../../src/agent/runner.js';
import { createBoard, Drill, Phase, ThreadBoard } from '../../src/agent/thread-board.js';
import { SessionClock, startSession } from '../../src/lib/clock.js';
import { ProbeAgent } from '../support/probe-agent.js';

/** Counts the waits and cuts them short. */
class ImpatientBoard extends ThreadBoard {
  waits = 0;
  readonly lengths: number[] = [];
  onWait: () => void = () => {};

  override wait(thread: number, milliseconds: number): void {
    this.waits++;
    this.lengths.push(milliseconds);
    this.onWait();
    super.wait(thread, 1);
  }

  override waitAsync(thread: number, milliseconds: number): Promise<unknown> | undefined {
    this.waits++;
    this.lengths.push(milliseconds);
    this.onWait();
    return super.waitAsync(thread, 1);
  }
}

function options(
  board: ThreadBoard,
  agents: readonly ProbeAgent[],
  more: Partial<RunnerOptions> = {},
): RunnerOptions {
  const clock = new SessionClock(startSession());
  return { thread: 0, board, clock, agents, downstream: [], idle: 'park', ...more };
}

/** Both runners, as one that returns a promise. */
const RUNNERS = [
  ['compute', async (one: RunnerOptions): Promise<void> => runCompute(one)],
  ['io', runIo],
] as const;

describe.each(RUNNERS)('%s runner', (_, run) => {
  it.each(['spin', 'yield', 'park'] as const)(
    'runs all agents in order until the phase is Stop: %s',
    async (idle) => {
      const board = new ImpatientBoard(createBoard());
      const order: string[] = [];
      const first = new ProbeAgent((cycle) => {
        order.push(`first ${cycle}`);
        return cycle < 3 ? 1 : 0;
      });
      const second = new ProbeAgent((cycle) => {
        order.push(`second ${cycle}`);
        if (cycle === 300) board.enter(Phase.Stop);
        return 0;
      });
      await run(options(board, [first, second], { idle }));
      expect(order.slice(0, 4)).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
      expect([first.cycles, second.cycles]).toEqual([300, 300]);
      expect(first.times).toEqual(second.times);
      expect(board.heartbeat(0)).toBe(300);
    },
  );

  it('tells every agent once that no new work is taken, and goes on', async () => {
    const board = new ThreadBoard(createBoard());
    const calls: string[] = [];
    const agents = (['gateway', 'publisher'] as const).map(
      (name) =>
        new ProbeAgent(
          (cycle) => {
            if (cycle === 10) board.enter(Phase.StopAccepting);
            if (cycle === 50) board.enter(Phase.Stop);
            return 1;
          },
          { name, calls },
        ),
    );
    await run(options(board, agents));
    expect(calls).toEqual(['stopAccepting gateway', 'stopAccepting publisher']);
    expect(agents[0].cycles).toBeGreaterThanOrEqual(50);
  });

  it('fails with what an agent threw', async () => {
    const board = new ThreadBoard(createBoard());
    const agent = new ProbeAgent((cycle) => {
      if (cycle === 5) throw new Error('defect in cycle 5');
      return 1;
    });
    await expect(run(options(board, [agent]))).rejects.toThrow('defect in cycle 5');
    expect(agent.cycles).toBe(5);
  });

  it.each([
    [Drill.Throw, 'fault drill: this worker was told to throw', Error],
    [Drill.Exit, '', DrillExit],
  ])('drill %s', async (drill, message, kind) => {
    const board = new ThreadBoard(createBoard());
    const agent = new ProbeAgent((cycle) => {
      if (cycle === 3) board.setDrill(0, drill);
      return 0;
    });
    const failure = await run(options(board, [agent])).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect((failure as Error).message).toBe(message);
    expect(agent.cycles).toBe(3);
    expect(board.drill(0)).toBe(Drill.None);
  });

  it('stops at the next cycle when the thread failed outside one', async () => {
    const halt = { requested: false };
    const agent = new ProbeAgent((cycle) => {
      if (cycle === 7) halt.requested = true;
      return 1;
    });
    await run(options(new ThreadBoard(createBoard()), [agent], { halt }));
    expect(agent.cycles).toBe(7);
  });

  it('wakes the threads downstream after a working cycle, and only then', async () => {
    const board = new ThreadBoard(createBoard());
    const parked: boolean[][] = [];
    const agent = new ProbeAgent((cycle) => {
      parked.push([board.isParked(1), board.isParked(2), board.isParked(3)]);
      if (cycle === 4) board.enter(Phase.Stop);
      return cycle === 2 ? 1 : 0;
    });
    for (const thread of [1, 2, 3]) board.declareParked(thread);
    await run(options(board, [agent], { downstream: [1, 3] }));
    expect(parked).toEqual([
      [true, true, true],
      [true, true, true],
      [false, true, false],
      [false, true, false],
    ]);
  });

  it('parks when idle, and after a heartbeat again at once', async () => {
    const board = new ImpatientBoard(createBoard());
    const agent = new ProbeAgent(() => 0);
    let cyclesAtFirstWait = 0;
    board.onWait = () => {
      if (board.waits === 1) cyclesAtFirstWait = agent.cycles;
      if (board.waits === 11) board.enter(Phase.Stop);
    };
    await run(options(board, [agent]));
    expect(board.waits).toBe(11);
    expect(agent.cycles - cyclesAtFirstWait).toBe(10);
    expect(board.isParked(0)).toBe(false);
  });

  it('does not park on a phase or drill that came while it was about to', async () => {
    for (const act of [
      (board: ThreadBoard) => board.enter(Phase.StopAccepting),
      (board: ThreadBoard) => board.setDrill(0, Drill.Exit),
    ]) {
      const board = new ImpatientBoard(createBoard());
      let cycleOfFirstWait = 0;
      const rehearsal = new ProbeAgent(() => 0);
      board.onWait = () => {
        cycleOfFirstWait = rehearsal.cycles;
        board.enter(Phase.Stop);
      };
      await run(options(board, [rehearsal]));

      const second = new ImpatientBoard(createBoard());
      const waitedAt: number[] = [];
      second.onWait = () => {
        waitedAt.push(agent.cycles);
        second.enter(Phase.Stop);
      };
      const agent = new ProbeAgent((cycle) => {
        if (cycle === cycleOfFirstWait) act(second);
        return 0;
      });
      await run(options(second, [agent])).catch(() => {});
      expect(waitedAt).not.toContain(cycleOfFirstWait);
    }
  });

  it('parks until the earliest timer of its agents, and no longer than to the next heartbeat', async () => {
    const board = new ImpatientBoard(createBoard());
    let due = 0;
    const early = Object.assign(new ProbeAgent(() => 0), { nextDue: () => due });
    const late = Object.assign(new ProbeAgent(() => 0), { nextDue: () => Number.POSITIVE_INFINITY });
    board.onWait = () => {
      if (board.waits === 1) due = (early.times.at(-1) ?? 0) + 3600e9;
      if (board.waits === 2) board.enter(Phase.Stop);
    };
    const agent = new ProbeAgent((cycle) => {
      if (cycle === 1) due = (agent.times.at(-1) ?? 0) + 80e6;
      return 0;
    });
    await run(options(board, [agent, early, late]));
    const [first, second] = board.lengths;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(80);
    expect(second).toBe(HEARTBEAT_MS);
  });

  it('does not park while an agent has input', async () => {
    const board = new ImpatientBoard(createBoard());
    const agent = new ProbeAgent(
      (cycle) => {
        if (cycle === 800) board.enter(Phase.Stop);
        return 0;
      },
      { hasWork: () => true },
    );
    await run(options(board, [agent]));
    expect(board.waits).toBe(0);
  });

  it('measures working cycles and counts work by agent', async () => {
    const board = new ThreadBoard(createBoard());
    const lengths: number[] = [];
    const work: number[][] = [];
    const agent = new ProbeAgent((cycle) => {
      if (cycle === 3) for (const until = performance.now() + 3; performance.now() < until; );
      if (cycle === 12) board.enter(Phase.Stop);
      return cycle === 3 ? 5 : 0;
    });
    const idle = new ProbeAgent(() => 0);
    await run(
      options(board, [idle, agent], {
        onCycle: (nanoseconds) => lengths.push(nanoseconds),
        onWork: (index, units) => work.push([index, units]),
      }),
    );
    expect(work).toEqual([[1, 5]]);
    expect(lengths).toHaveLength(1);
    expect(lengths[0]).toBeGreaterThanOrEqual(3e6);
  });
});

describe('io runner', () => {
  it('serves the event loop while there is always work', async () => {
    const board = new ThreadBoard(createBoard());
    let served = 0;
    const timer = setInterval(() => {
      if (++served === 5) board.enter(Phase.Stop);
    }, 1);
    await runIo(options(board, [new ProbeAgent(() => 1, { hasWork: () => true })]));
    clearInterval(timer);
    expect(served).toBe(5);
  });

  it('serves the event loop while parked', async () => {
    const board = new ImpatientBoard(createBoard());
    let served = 0;
    const timer = setInterval(() => {
      if (++served === 5) board.enter(Phase.Stop);
    }, 5);
    await runIo(options(board, [new ProbeAgent(() => 0)]));
    clearInterval(timer);
    expect(served).toBe(5);
    expect(board.waits).toBeGreaterThan(0);
  });

  it('takes more than one cycle of a burst in one turn of the event loop, but not without end', async () => {
    const board = new ThreadBoard(createBoard());
    const turns: number[] = [];
    let turn = 0;
    const countTurn = (): void => {
      turn++;
      if (board.phase() !== Phase.Stop) setImmediate(countTurn);
    };
    setImmediate(countTurn);
    const agent = new ProbeAgent(
      (cycle) => {
        turns.push(turn);
        if (cycle === 200) board.enter(Phase.Stop);
        return 1;
      },
      { hasWork: () => true },
    );
    await runIo(options(board, [agent]));
    const perTurn = Math.max(
      ...[...new Set(turns)].map((one) => turns.filter((other) => other === one).length),
    );
    expect(perTurn).toBeGreaterThan(1);
    expect(new Set(turns).size).toBeGreaterThan(2);
  });
});
