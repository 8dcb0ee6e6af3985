// The program: `npm start`. Reads options, runs the pizza place, reports a user's mistake in one sentence.
import type { LogLine } from "quadrille";
import { help, readOptions } from "./options.ts";
import { runProgram } from "./program.ts";
import { eraseLine } from "./replay/screen.ts";
import { onStopSignals } from "./stopping.ts";

async function main(args: readonly string[]): Promise<number> {
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
  const { signal, off } = onStopSignals(say);
  try {
    const ambient = systemAmbient((line) => say(logText(line)));
    return await run(options, { ambient, screen: process.stdout, stop: signal });
  } finally {
    off();
  }
}

function logText({ level, participant, message }: LogLine): string {
  return `${level}: ${participant === undefined ? "" : `${participant}: `}${message}`;
}

await runProgram(main);
