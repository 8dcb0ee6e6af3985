// P6, what is counted: the tallies of an end are as declared, and none falls below zero.
import { pointer } from "../../contract/pointer.ts";
import type { Exploration } from "../explore/explore.ts";
import { isBelowZero, isQueue, type Overflow } from "../explore/overflow.ts";
import { pathTo, placeOf, stateName } from "../explore/view.ts";
import { finding, type Finding } from "../model/finding.ts";
import { settledSagas } from "./ends.ts";

/**
 * One finding for every tally that is wrong at an end, and for every step that would bring one below zero.
 */
export function checkTallies(exploration: Exploration): Finding[] {
  return [...wrongAtEnds(exploration), ...belowZero(exploration)];
}

function wrongAtEnds(exploration: Exploration): Finding[] {
  const { ends } = exploration.program.world.choreography;
  const found = new Map<string, Finding>();
  for (const { state, ending } of settledSagas(exploration)) {
    if (ending.is !== "tally") continue;
    const { end, tally, value } = ending;
    const key = JSON.stringify([end.name, tally]);
    if (found.has(key)) continue;
    const message = `the end ${end.name} is reached with ${tally} ${value} where it should be ${end.tally?.[tally]}`;
    const at = pointer("/ends", ends.indexOf(end), "tally", tally);
    found.set(key, finding("P6", { message, at, path: pathTo(exploration, state) }));
  }
  return [...found.values()];
}

function nameOf({ channel }: Overflow): string {
  return isQueue(channel) ? channel.instance.name : channel.name;
}

/** A step that would bring a tally below zero is not taken. One finding for a place and a tally. */
function belowZero(exploration: Exploration): Finding[] {
  const { overflows, program } = exploration;
  const found = new Map<string, Finding>();
  for (const overflow of overflows) {
    const step = program.steps[overflow.step];
    if (step === undefined || !isBelowZero(overflow, program)) continue;
    const at = placeOf(step);
    const key = JSON.stringify([at, nameOf(overflow)]);
    const path = pathTo(exploration, overflow.state, overflow.step);
    if (path.length >= (found.get(key)?.path.length ?? Infinity)) continue;
    const where = `${step.instance.participant} in ${stateName(step.instance, step.from)}`;
    const message = `${step.trigger} at ${where} would bring ${nameOf(overflow)} below zero`;
    found.set(key, finding("P6", { message, at, path }));
  }
  return [...found.values()];
}
