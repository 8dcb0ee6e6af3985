// What `npm run order` does: what consumers and the kitchen's staff do with an order, asked of the running
// process.
import { orderHelp, readOrderRequest } from "./order-options.ts";

/** Gives the exit code: 0 if it was done. Rejects with a `UserError` where no process answers. */
export async function changeOrder(args: readonly string[]): Promise<number> {
  const request = readOrderRequest(args);
  if (request === "help") {
    process.stdout.write(orderHelp);
    return 0;
  }
  const { askRunning } = await import("./ask-running.ts");
  const { text, exitCode } = await askRunning(request);
  (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  return exitCode;
}
