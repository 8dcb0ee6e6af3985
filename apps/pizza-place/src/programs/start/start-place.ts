// What `npm start` does: reads its options and runs the pizza place until it is done or stopped.
import type { LogLine } from "quadrille";
import { help, readOptions } from "./options.ts";
import { eraseLine } from "../../replay/screen.ts";
import { onStopSignals } from "../../shared/stopping.ts";

/** Gives the exit code. Rejects with a `UserError` or a `QuadrilleError` when it cannot start. */
export async function startPlace(args: readonly string[]): Promise<number> {
  const options = readOptions(args, process.env);
  if (options === "help") {
    process.stdout.write(help);
    return 0;
  }
  const say = (text: string): void => {
    if (process.stdout.isTTY) process.stdout.write(eraseLine);
    process.stderr.write(`${text}\n`);
  };
  const { systemAmbient } = await import("quadrille");
  const { run } = await import("./run.ts");
  const ambient = systemAmbient((line) => say(logText(line)));
  const { signal, off } = onStopSignals({ program: process, clock: ambient.clock, say });
  try {
    return await run(options, { ambient, screen: process.stdout, stop: signal });
  } finally {
    off();
  }
}

function logText({ level, participant, message }: LogLine): string {
  return `${level}: ${participant === undefined ? "" : `${participant}: `}${message}`;
}
