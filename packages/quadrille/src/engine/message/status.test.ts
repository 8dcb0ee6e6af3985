// The status of a participant that works on some of its lanes only.
import { expect, it } from "vitest";
import type { ParticipantStatus } from "./api.ts";
import { statusByName } from "./status.ts";

const idle: ParticipantStatus = {
  name: "caller",
  reactions: 0,
  commits: 0,
  waiting: 0,
  parked: { deferred: 0, retrying: 0, waiting: 0, dead: 0 },
  activitiesRunning: 0,
  outages: [],
  trouble: undefined,
};
const outages = [{ activity: "ask", error: "503", waiting: 2 }];

it("the status of a participant has its outages once, whichever of its lanes are worked on here", () => {
  const away = { ...idle, outages };
  for (const lanes of [
    [idle, away],
    [away, idle],
    [away, away],
  ])
    expect(statusByName(lanes)).toMatchObject([{ outages }]);
});
