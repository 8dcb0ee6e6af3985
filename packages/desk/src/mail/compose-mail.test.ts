// The mails are as the templates say: subject, order of the parts, labelled sections.
import { describe, expect, it } from "vitest";
import { mailInput, openFacts, resolvedFacts, sentMail } from "../../test/facts.ts";
import { toText } from "../render/markdown.ts";
import { composeMail } from "./compose-mail.ts";

const sections = (body: string): readonly string[] =>
  [...body.matchAll(/^## (.+)$/gm)].map(([, name = ""]) => name);

it("makes the initial alert, very brief", () => {
  const { subject, body } = composeMail(mailInput("alert", openFacts));
  expect(subject).toBe("URGENT: Orders Wait for the Kitchen - Order System");
  expect(toText(body)).toBe(`Dear Head of Support and Head of Kitchens,

The Order System has a problem: Orders Wait for the Kitchen.

37 orders wait for the kitchen. Their payments of EUR 1,204.50 are authorised and not captured.

Our team is investigating and working to restore normal service.

>> Next update: by Thu 26 Nov 2026, 10:42 UTC, that is within 30 minutes.

We know how serious this is: its impact is high.

Kind regards,

Incident desk
On behalf of the team on duty
`);
});

it("makes the update with its sections in order", () => {
  const { subject, body } = composeMail(mailInput("update", openFacts));
  expect(subject).toBe("UPDATE: Order System Orders Wait for the Kitchen - Investigation Ongoing");
  expect(sections(body)).toEqual(["Current Status", "Timeline", "Impact", "Root Cause", "Next Steps"]);
  const text = toText(body);
  expect(text).toContain("This is an update on the ongoing disruption to the Order System.");
  expect(text).toContain("- New: The printer of the kitchen does not answer.");
  expect(text).toContain("- 10:00 UTC: First reports of orders that wait.");
  expect(text).not.toContain("Orders that wait:");
  expect(text).toContain("- Customers: not known yet (the journal of Consumer is behind)");
  expect(text).toContain(
    "Still under investigation.\n\n- Ruled out: The network. The other services answer.",
  );
  expect(text).toContain("- Estimated fix: Thu 26 Nov 2026, 12:12 UTC, in 2 hours");
  expect(text).toContain(
    ">> Next update: by Thu 26 Nov 2026, 10:42 UTC, that is within 30 minutes.\n\nWe will keep you informed.",
  );
  expect(text).not.toContain("lane");
});

it("says when nothing is new", () => {
  const { body } = composeMail(mailInput("update", { ...openFacts, findings: [] }));
  expect(body).toContain("No new findings since the last mail.");
});

it("makes the resolution report with its sections in order", () => {
  const { subject, body } = composeMail(mailInput("resolution", resolvedFacts));
  expect(subject).toBe("RESOLVED: Order System Orders Wait for the Kitchen - Incident Report");
  expect(sections(body)).toEqual([
    "Timeline",
    "Impact",
    "Root Cause",
    "Corrective Actions",
    "Preventive Measures",
  ]);
  const text = toText(body);
  expect(text).toContain(
    "- Duration: 9 minutes, from Thu 26 Nov 2026, 10:00 UTC to Thu 26 Nov 2026, 10:09 UTC",
  );
  expect(text).toContain("Bound the queue.  kitchen-lead  Fri 11 Dec 2026");
});

it("makes a correction that names the mail it corrects", () => {
  const facts = {
    ...openFacts,
    correction: { wrong: "We wrote that payments were lost.", right: "They are held." },
  };
  const { subject, body } = composeMail(mailInput("correction", facts, { corrects: sentMail("update", 2) }));
  expect(subject).toBe(
    "CORRECTION: Order System Orders Wait for the Kitchen - Update 2 of Thu 26 Nov 2026, 10:02 UTC",
  );
  expect(sections(body)).toEqual(["What Was Wrong", "What Is Right"]);
});

it("gives technical readers the sources, and what is for them alone", () => {
  const { body } = composeMail(mailInput("update", openFacts, { audience: "technical" }));
  expect(body).toContain("- Orders that wait: 37 orders (journal of Kitchen at 41 207, as of 10:10 UTC)");
  expect(body).toContain("The kitchen's journal stops at one lane.");
});

describe("markup in a fact", () => {
  const evil = "<script>alert(1)</script> [here](javascript:x) **bold** | # {{status}}";
  it("is text in the mail", () => {
    const { body } = composeMail(mailInput("update", { ...openFacts, status: evil, problem: evil }));
    expect(toText(body)).toContain(evil);
    expect(body).not.toMatch(/(?<!\\)<script/);
  });
});
