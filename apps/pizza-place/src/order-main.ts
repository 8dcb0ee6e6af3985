// The program: `npm run order`. What consumers and the kitchen's staff do with an order, asked of the running
// process.
import { runProgram } from "./program.ts";
import { orderHelp, readOrderRequest } from "./order-options.ts";

async function main(args: readonly string[]): Promise<number> {
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

await runProgram(main);
