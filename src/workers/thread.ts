/** Entry of every worker thread. Nothing else starts here. */
import { workerData } from 'node:worker_threads';
import { loadAgent } from './agents.js';
import { runThread, type ThreadStart } from './run-thread.js';

runThread(workerData as ThreadStart, loadAgent);
