// P8: channels and tallies that grow past their cap, or for ever.
import type { Exploration } from "../explore/explore.ts";
import type { Field, Queue } from "../explore/layout.ts";
import { isBelowZero, isQueue, roomOf } from "../explore/overflow.ts";
import { pathTo, placeOf } from "../explore/view.ts";
import { finding, type Finding } from "../model/finding.ts";

/** Each channel and tally that grows for ever, with the loop that fills it, or that reaches its cap. */
export function checkCaps(exploration: Exploration): Finding[] {
  const { program } = exploration;
  return exploration.overflows.flatMap((overflow) => {
    const step = program.steps[overflow.step];
    if (step === undefined || isBelowZero(overflow, program)) return [];
    const { channel, loop } = overflow;
    const path = pathTo(exploration, overflow.state, overflow.step);
    const growth = `${channelText(channel)} ${growthText({ channel, loop, steps: path.length }, exploration)}`;
    // It may grow only because its subscriber was stopped: fix that first.
    const message = mayStop(exploration, channel) ? `${growth}; fix first what stops its subscriber` : growth;
    return [finding("P8", { message, at: placeOf(step), path })];
  });
}

function mayStop({ program, space }: Exploration, channel: Field | Queue): boolean {
  return program.steps.some(
    ({ kind, instance, trigger }, index) =>
      kind === "stuck" &&
      (space.firstUse[index] ?? -1) >= 0 &&
      instance === channel.instance &&
      (isQueue(channel) || trigger === channel.name),
  );
}

/** What a channel is called in a report. */
export function channelText(channel: Field | Queue): string {
  if (isQueue(channel)) return `the queue to ${channel.instance.participant}`;
  if (channel.kind === "tally") return `the tally ${channel.name}`;
  return `${channel.name} on its way to ${channel.instance?.participant}`;
}

interface Growth {
  readonly channel: Field | Queue;
  readonly loop: number | undefined;
  /** The length of the path. */
  readonly steps: number;
}

function growthText({ channel, loop, steps }: Growth, { bound }: Exploration): string {
  if (loop !== undefined) {
    const which = loop === 1 ? `step ${steps}` : `steps ${steps - loop + 1} to ${steps}`;
    return `grows for ever: ${which} can be repeated, and each time there is more`;
  }
  if (isQueue(channel)) return `grows past the cap of ${bound.cap} messages`;
  if (channel.kind !== "tally") return `grows past the cap of ${bound.cap}`;
  return `grows past ${roomOf(channel) * channel.unit}, the most that is counted`;
}
