// What the commands of the plan do.
import { actionKind } from "../../people/action.ts";
import { demandKind } from "../../people/demand.ts";
import { board, gtdLists, type PlanInput, quarters } from "../../plan/plan.ts";
import { type Pomodoro, runSpans, type Span, spansOf } from "../../plan/pomodoro.ts";
import { runKind } from "../../playbooks/run.ts";
import { columns } from "../../render/markdown.ts";
import { dayOf } from "../../render/when.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { CommonOptions, Session } from "../session.ts";

export interface PomodoroOptions extends CommonOptions {
  readonly work: number;
  readonly break: number;
  readonly longBreak: number;
  readonly spans: number;
}

/** `plan board` */
export function boardCommand(
  { limit }: CommonOptions & { readonly limit: number },
  session: Session,
): ExitCode {
  const found = board(planInput(session));
  const { bold } = session.terminal.colors;
  return session.print(found, () =>
    quarters
      .map((quarter) => {
        const items = found[quarter];
        const lines = columns(
          items.slice(0, limit).map(({ kind, id, due, who, title }) => [`  ${due}`, kind, who, id, title]),
        );
        const rest = items.length - lines.length;
        return [
          bold(`${quarter} (${items.length})`),
          ...lines,
          ...(rest > 0 ? [`  and ${rest} more`] : []),
        ].join("\n");
      })
      .join("\n"),
  );
}

/** `plan gtd` */
export function gtdCommand(
  { me, limit }: CommonOptions & { readonly me: string; readonly limit: number },
  session: Session,
): ExitCode {
  const lists = gtdLists(planInput(session), me);
  const { bold } = session.terminal.colors;
  const names = [
    ["Inbox", lists.inbox],
    ["Next actions", lists.next],
    ["Projects", lists.projects],
    ["Waiting for", lists.waitingFor],
    ["Someday", lists.someday],
  ] as const;
  return session.print(lists, () =>
    names
      .map(([name, items]) => {
        const rest = items.length - limit;
        const lines = items.slice(0, limit).map((item) => `  ${item}`);
        return [
          bold(`${name} (${items.length})`),
          ...lines,
          ...(rest > 0 ? [`  and ${rest} more`] : []),
        ].join("\n");
      })
      .join("\n"),
  );
}

/** `plan pomodoro` */
export async function pomodoroCommand(options: PomodoroOptions, session: Session): Promise<ExitCode> {
  const { clock, terminal } = session;
  const pomodoro: Pomodoro = {
    workMin: options.work,
    breakMin: options.break,
    longBreakMin: options.longBreak,
    spans: options.spans,
  };
  const tick = (span: Span, secondsLeft: number): void => drawTick(span, secondsLeft, session);
  try {
    await runSpans(spansOf(pomodoro), tick, { clock, signal: terminal.signal });
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    terminal.out("\nStopped.\n");
    return exitCodes.findings;
  }
  return exitCodes.ok;
}

/** On a terminal one line that counts down; elsewhere one line a span. The bell rings at the end of each. */
function drawTick({ kind, number, minutes }: Span, secondsLeft: number, { terminal }: Session): void {
  const name = kind === "work" ? `work ${number}` : kind;
  if (terminal.live) {
    const left = `${Math.floor(secondsLeft / 60)}:${String(secondsLeft % 60).padStart(2, "0")}`;
    terminal.out(secondsLeft === 0 ? `\r${name}: done.  \u0007\n` : `\r${name}: ${left} `);
  } else if (secondsLeft === minutes * 60) {
    terminal.out(`${name}: ${minutes} min\n`);
  }
}

function planInput(session: Session): PlanInput {
  const { documents, settings } = session;
  return {
    actions: documents.list(actionKind),
    demands: documents.list(demandKind),
    runs: documents.list(runKind),
    settings,
    today: dayOf(session.now, settings.zone),
  };
}
