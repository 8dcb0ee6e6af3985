// One use of a playbook: each action is to do, doing, done, or skipped with a reason; a phase ends when all
// of its are.
import { z } from "zod";
import { DeskError } from "../desk-error.ts";
import type { Kind } from "../documents/kind.ts";
import { oneOf, type Taking } from "../documents/lifecycle.ts";
import { id, line, list, record, step, text, time } from "../documents/shape.ts";
import { known } from "../documents/folder.ts";
import type { Phase, Playbook, PlaybookAction } from "./playbook.ts";

const actionState = z.enum(["doing", "done", "skipped"]);
/** What is known of an action; one that is not there is to do. */
export type ActionState = "todo" | z.infer<typeof actionState>;

const run = record({
  schema: z.literal("quadrille-desk/run/1"),
  id,
  playbook: id,
  title: line,
  started: time,
  state: z.enum(["RUNNING", "FINISHED"]),
  actions: z.record(id, record({ state: actionState, at: time, by: line, note: text.optional() })).readonly(),
  history: list(step),
});
/** One use of a playbook. */
export type Run = z.infer<typeof run>;

/** Runs, in the folder `runs`. */
export const runKind: Kind<Run> = {
  name: "run",
  folder: "runs",
  schemaName: "quadrille-desk/run/1",
  schema: run,
};

/** A step with an action of a run. */
export type RunStep = "begin" | "done" | "skip" | "back";

/** Begins a run. */
export function startRun(playbook: Playbook, name: Pick<Run, "id" | "title">, { at, by }: Taking): Run {
  return {
    schema: "quadrille-desk/run/1",
    ...name,
    playbook: playbook.id,
    started: at,
    state: "RUNNING",
    actions: {},
    history: [{ at, by, did: "start" }],
  };
}

/** `todo` where nothing was done with it yet. */
export function actionStateOf({ actions }: Pick<Run, "actions">, key: string): ActionState {
  return actions[key]?.state ?? "todo";
}

/** Whether all of a phase's actions are done or skipped. */
export function isComplete(run: Pick<Run, "actions">, { actions }: Pick<Phase, "actions">): boolean {
  return openActions(run, actions).length === 0;
}

/**
 * The phases in which something can be done now, each with its open actions: in an ordered phase only the
 * first.
 */
export function openPhases(
  playbook: Playbook,
  run: Run,
): readonly { readonly phase: Phase; readonly open: readonly PlaybookAction[] }[] {
  return playbook.phases
    .filter((phase) => waitsFor(playbook, run, phase).length === 0)
    .map((phase) => ({
      phase,
      open: openActions(run, phase.actions).slice(0, phase.ordered ? 1 : undefined),
    }))
    .filter(({ open }) => open.length > 0);
}

/**
 * Takes a step with an action. `D_REFUSED` when its phase waits for another one, when an earlier action of an
 * ordered phase is open, when it is done or skipped already, or when a skip or a way back has no reason.
 */
export function takeRunStep(
  playbook: Playbook,
  run: Run,
  { did, key, ...taking }: Taking & { readonly did: RunStep; readonly key: string },
): Run {
  const phase = playbook.phases.find(({ actions }) => actions.some((action) => action.key === key));
  if (phase === undefined) {
    const keys = openPhases(playbook, run).flatMap(({ open }) => open.map((action) => action.key));
    throw new DeskError(
      "D_UNKNOWN",
      `${playbook.name} has no action ${JSON.stringify(key)}; to do now: ${known(keys)}.`,
    );
  }
  if (did === "back") return goBack(run, { phase, key, taking });
  expectOpen(playbook, run, { phase, key });
  if (did === "skip" && taking.note === undefined)
    throw new DeskError("D_REFUSED", `Skipping ${key} needs a reason: --reason.`);
  const states = { begin: "doing", done: "done", skip: "skipped" } as const;
  const actions = { ...run.actions, [key]: { state: states[did], ...taking } };
  const finished = playbook.phases.every((each) => isComplete({ actions }, each));
  return {
    ...run,
    actions,
    state: finished ? "FINISHED" : "RUNNING",
    history: [...run.history, { ...taking, did: `${did} ${key}` }],
  };
}

/** The phases that must be complete before this one. */
function waitsFor(playbook: Playbook, run: Run, { after }: Phase): readonly Phase[] {
  return playbook.phases.filter((each) => after.includes(each.key) && !isComplete(run, each));
}

function openActions(
  run: Pick<Run, "actions">,
  actions: readonly PlaybookAction[],
): readonly PlaybookAction[] {
  return actions.filter(({ key }) => ["todo", "doing"].includes(actionStateOf(run, key)));
}

function expectOpen(
  playbook: Playbook,
  run: Run,
  { phase, key }: { readonly phase: Phase; readonly key: string },
): void {
  const state = actionStateOf(run, key);
  if (state === "done" || state === "skipped")
    throw new DeskError(
      "D_REFUSED",
      `${key} is ${state} already; go back with: playbook back ${run.id} ${key}.`,
    );
  const [waiting] = waitsFor(playbook, run, phase);
  if (waiting !== undefined) {
    const left = openActions(run, waiting.actions).map((action) => action.key);
    throw new DeskError(
      "D_REFUSED",
      `${key} is of the phase ${phase.key}, which comes after ${waiting.key}: do or skip ${left.join(", ")} first.`,
    );
  }
  const [first] = openActions(run, phase.actions);
  if (phase.ordered && first !== undefined && first.key !== key) {
    throw new DeskError(
      "D_REFUSED",
      `${key} is out of order: the actions of ${phase.key} follow each other, and ${first.key} is open.`,
    );
  }
}

/**
 * Opens an action again, and in an ordered phase all that follow it: a failed test goes back to diagnosing.
 */
function goBack(
  run: Run,
  { phase, key, taking }: { readonly phase: Phase; readonly key: string; readonly taking: Taking },
): Run {
  if (taking.note === undefined)
    throw new DeskError("D_REFUSED", `Going back to ${key} needs a reason: --reason.`);
  const keys = phase.actions.map((action) => action.key);
  const opened = phase.ordered ? keys.slice(keys.indexOf(key)) : [key];
  if (opened.every((each) => actionStateOf(run, each) === "todo")) {
    throw new DeskError("D_REFUSED", `${oneOf(opened)} is still to do: there is nothing to go back to.`);
  }
  const actions = Object.fromEntries(Object.entries(run.actions).filter(([each]) => !opened.includes(each)));
  return { ...run, actions, state: "RUNNING", history: [...run.history, { ...taking, did: `back ${key}` }] };
}
