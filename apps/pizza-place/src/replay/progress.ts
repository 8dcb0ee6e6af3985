// Keeps the terminal up to date: one line in place on a terminal, a plain line every few seconds elsewhere.
import { styleText } from "node:util";
import type { Board } from "./board.ts";
import type { ReplayClock } from "./replay-place.ts";
import { eraseLine, type Screen } from "./screen.ts";
import { speedometer } from "./speed.ts";
import { finalTable, type Progress, progressLine } from "./text.ts";

const terminalMs = 200;
const plainMs = 5_000;
const columnsWithoutTerminal = 200;

/** What progress is made of. */
export interface ProgressParts {
  readonly board: Board;
  /** The reasons of rejected orders; see {@link Board.takeUnexplained}. */
  readonly reasonsOf: (orderIds: readonly string[]) => Promise<readonly string[]>;
  readonly clock: ReplayClock;
  /** Business time now, where it is not the machine's. */
  readonly businessTime?: (() => string) | undefined;
  readonly screen: NodeJS.WritableStream & Screen;
}

/** A running progress display. */
export interface ProgressDisplay {
  /**
   * Marks the time at which all orders have ended; what is read later does not count in the table's speed.
   */
  settled(): void;
  /** Ends the line; with `table`, writes the final table, its speed over the whole run. */
  stop(options: { readonly table: boolean }): Promise<void>;
}

/** Shows the board until stopped. */
export function showProgress(parts: ProgressParts): ProgressDisplay {
  const { board, clock, screen } = parts;
  const terminal = screen.isTTY === true;
  const stopped = new AbortController();
  const speed = speedometer();
  const beganMs = clock.steady();
  let settledMs: number | undefined;
  let lastPlain = "";

  const look = async (): Promise<Progress> => {
    await explain(parts);
    const view = board.view();
    return { ...view, ordersPerSecond: speed.note(clock.steady(), view.ended) };
  };
  const draw = (progress: Progress): void => {
    const width = terminal ? (screen.columns ?? 80) - 1 : columnsWithoutTerminal;
    const line = progressLine(progress, width);
    if (terminal) screen.write(eraseLine + styleText("cyan", line, { stream: screen }));
    else if (line !== lastPlain) screen.write(`${line}\n`);
    lastPlain = line;
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      draw(await look());
      await clock.sleep(terminal ? terminalMs : plainMs, stopped.signal);
    }
  };
  const running = run();
  // `stop` reports its errors; they must not end the process earlier.
  running.catch(() => {});
  return {
    settled: () => {
      settledMs = clock.steady();
    },
    stop: async ({ table }) => {
      stopped.abort();
      await running;
      const view = await look();
      const seconds = Math.max((settledMs ?? clock.steady()) - beganMs, 1) / 1_000;
      if (terminal) screen.write(eraseLine);
      if (table)
        screen.write(
          `${finalTable({ ...view, ordersPerSecond: view.ended / seconds, businessTime: parts.businessTime?.() })}\n`,
        );
    },
  };
}

/** Looks the reasons of newly rejected orders up. */
async function explain({ board, reasonsOf }: ProgressParts): Promise<void> {
  const rejected = board.takeUnexplained();
  if (rejected.length > 0) board.explain(await reasonsOf(rejected));
}
