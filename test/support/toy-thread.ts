/** Worker entry like src/workers/thread.ts, with toy agents in the places of the real ones. */
import { workerData } from 'node:worker_threads';
import { runThread, type ThreadStart } from '../../src/workers/run-thread.js';
import { toyFactory } from './toy-agents.js';

runThread(workerData as ThreadStart, async (name) => toyFactory(name));
