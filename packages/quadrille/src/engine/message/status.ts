// The status of a participant, over its lanes.
import type { ParticipantStatus } from "./api.ts";

/** The status of a lane that is not worked on here. */
export function blankStatus(name: string): ParticipantStatus {
  return {
    name,
    reactions: 0,
    commits: 0,
    waiting: 0,
    parked: { deferred: 0, retrying: 0, waiting: 0, dead: 0 },
    activitiesRunning: 0,
    outages: [],
    trouble: undefined,
  };
}

/** The status of participants, by name, of those of their lanes. */
export function statusByName(lanes: Iterable<ParticipantStatus>): readonly ParticipantStatus[] {
  const byName = new Map<string, ParticipantStatus>();
  for (const status of lanes) {
    const before = byName.get(status.name);
    byName.set(status.name, before === undefined ? status : sum(before, status));
  }
  return [...byName.values()];
}

function sum(a: ParticipantStatus, b: ParticipantStatus): ParticipantStatus {
  return {
    name: a.name,
    reactions: a.reactions + b.reactions,
    commits: a.commits + b.commits,
    waiting: a.waiting + b.waiting,
    parked: {
      deferred: a.parked.deferred + b.parked.deferred,
      retrying: a.parked.retrying + b.parked.retrying,
      waiting: a.parked.waiting + b.parked.waiting,
      dead: a.parked.dead + b.parked.dead,
    },
    activitiesRunning: a.activitiesRunning + b.activitiesRunning,
    // The lanes that are worked on here share the queues of their activities; the others have none.
    outages: a.outages.length > 0 ? a.outages : b.outages,
    trouble: a.trouble ?? b.trouble,
  };
}
