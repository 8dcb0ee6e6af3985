// What the commands of playbooks do.
import { slug } from "../../documents/slug.ts";
import { type Phase, type Playbook, playbookOf, readPlaybooks } from "../../playbooks/playbook.ts";
import {
  actionStateOf,
  isComplete,
  openPhases,
  type Run,
  runKind,
  type RunStep,
  startRun,
  takeRunStep,
} from "../../playbooks/run.ts";
import { columns } from "../../render/markdown.ts";
import { whenText } from "../../render/when.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { CommonOptions, Session } from "../session.ts";

/** `playbook list` */
export function listCommand(session: Session): ExitCode {
  const playbooks = [...readPlaybooks().values()];
  const runs = session.documents.list(runKind);
  return session.print({ playbooks, runs }, () =>
    [
      session.terminal.colors.bold("Playbooks"),
      ...columns(playbooks.map(({ id, name, purpose }) => [`  ${id}`, name, purpose])),
      ...(runs.length === 0 ? [] : [session.terminal.colors.bold("Runs")]),
      ...columns(
        runs.map((run) => [
          `  ${run.id}`,
          run.state,
          run.playbook,
          progress(playbookOf(readPlaybooks(), run.playbook), run),
        ]),
      ),
    ].join("\n"),
  );
}

/** `playbook start` */
export function startCommand(
  id: string,
  options: CommonOptions & { readonly title?: string; readonly id?: string },
  session: Session,
): ExitCode {
  const playbook = playbookOf(readPlaybooks(), id);
  const title = options.title ?? playbook.name;
  const runId = options.id ?? slug(title, (taken) => session.documents.has(runKind, taken));
  const run = startRun(playbook, { id: runId, title }, session.taking());
  session.documents.create(runKind, run);
  return session.print(run, () => `Started ${run.id}.\n\n${nextText(playbook, run, session)}`);
}

/** `playbook next` */
export function nextCommand(id: string, session: Session): ExitCode {
  const run = session.documents.read(runKind, id);
  const playbook = playbookOf(readPlaybooks(), run.playbook);
  return session.print(openPhases(playbook, run), () => nextText(playbook, run, session));
}

/** `playbook begin`, `done`, `skip`, `back` */
export function stepCommand(
  did: RunStep,
  { id, keys, note }: { readonly id: string; readonly keys: readonly string[]; readonly note?: string },
  session: Session,
): ExitCode {
  const before = session.documents.read(runKind, id);
  const playbook = playbookOf(readPlaybooks(), before.playbook);
  const taking = session.taking(note);
  const after = keys.reduce((run, key) => takeRunStep(playbook, run, { did, key, ...taking }), before);
  session.documents.replace(runKind, before, after);
  return session.print(after, () => stepText(playbook, before, after));
}

/** `playbook show`: a run, or a playbook. */
export function showCommand(id: string, session: Session): ExitCode {
  const playbooks = readPlaybooks();
  const shipped = playbooks.get(id);
  if (shipped !== undefined && !session.documents.has(runKind, id)) {
    return session.print(shipped, () =>
      shipped.phases.map((phase) => phaseText(phase, session)).join("\n\n"),
    );
  }
  const run = session.documents.read(runKind, id);
  const playbook = playbookOf(playbooks, run.playbook);
  return session.print(run, () => runText(playbook, run, session));
}

function stepText(playbook: Playbook, before: Run, after: Run): string {
  const ended = playbook.phases.filter((phase) => isComplete(after, phase) && !isComplete(before, phase));
  const words = ended.map(
    ({ title, keyMessage }) =>
      `${title} is complete.${keyMessage === undefined ? "" : ` Key message: “${keyMessage}”`}`,
  );
  const all = after.state === "FINISHED" ? [`${after.id} is finished.`] : [];
  return [...words, ...all, progress(playbook, after)].join("\n");
}

function progress(playbook: Playbook, run: Run): string {
  return playbook.phases
    .map(({ key, actions }) => {
      const closed = actions.filter((action) => ["done", "skipped"].includes(actionStateOf(run, action.key)));
      return `${key} ${closed.length}/${actions.length}`;
    })
    .join(", ");
}

function nextText(playbook: Playbook, run: Run, session: Session): string {
  if (run.state === "FINISHED") return `${run.id} is finished.`;
  return openPhases(playbook, run)
    .map(({ phase, open }) => phaseText({ ...phase, actions: open }, session))
    .join("\n\n");
}

function phaseText(
  { title, goal, actions, questions = [], tools = [], keyMessage }: Phase,
  session: Session,
): string {
  const { bold, dim } = session.terminal.colors;
  return [
    bold(title),
    `Goal: ${goal}`,
    ...actions.flatMap((action) => [
      `  ${action.key}  ${action.title}${action.detail === undefined ? "" : `: ${action.detail}`}`,
      ...(action.purpose === undefined ? [] : [dim(`    Purpose: ${action.purpose}`)]),
      ...(action.questions ?? []).map((question) => dim(`    ? ${question}`)),
    ]),
    ...questions.map((question) => `? ${question}`),
    ...tools.map((tool) => `Tool: ${tool}`),
    ...(keyMessage === undefined ? [] : [`Key message: “${keyMessage}”`]),
  ].join("\n");
}

function runText(playbook: Playbook, run: Run, session: Session): string {
  const { bold } = session.terminal.colors;
  const { zone } = session.settings;
  const marks = { todo: "[ ]", doing: "[>]", done: "[x]", skipped: "[-]" } as const;
  const phases = playbook.phases.map(({ title, actions }) => {
    const lines = actions.map(({ key, title: name }) => {
      const known = run.actions[key];
      const note = known?.note === undefined ? "" : `: ${known.note}`;
      return [
        `  ${marks[actionStateOf(run, key)]} ${key}`,
        name,
        known === undefined ? "" : `${whenText(known.at, zone)}, ${known.by}${note}`,
      ];
    });
    return [bold(title), ...columns(lines)].join("\n");
  });
  return [`${run.title} (${playbook.name}): ${run.state}`, "", ...phases].join("\n");
}
