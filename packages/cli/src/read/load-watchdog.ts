// A module that computes for ever while it is loaded blocks the thread on which a timer would run, so another
// thread stops it.
import { Worker } from "node:worker_threads";

/**
 * Runs on a thread of its own: what the main thread computes is stopped from here, and its event loop goes
 * on.
 */
const code = `
const { Session } = require("node:inspector");
const { workerData } = require("node:worker_threads");
setTimeout(() => {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => session.disconnect());
}, workerData);
`;

/** Time for the main thread to report a slow module by itself; only a blocked one is stopped. */
const graceMs = 200;

/** Stops what the main thread computes once the time is over; the function returned calls that off. */
export function stopComputingAfter(ms: number): () => void {
  const worker = new Worker(code, { eval: true, workerData: ms + graceMs });
  worker.unref();
  // Without the thread a module may compute for ever; that is no reason to refuse loading.
  worker.on("error", () => undefined);
  return () => void worker.terminate();
}
