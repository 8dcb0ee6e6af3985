// The status of a participant that works on some of its lanes only.
import { expect, it } from "vitest";
import { blankStatus, statusByName } from "./status.ts";

const idle = blankStatus("caller");
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
