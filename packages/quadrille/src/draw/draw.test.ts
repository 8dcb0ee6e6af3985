// The drawings, whole: a change of a drawing is to be looked at.
import { describe, expect, it } from "vitest";
import { references } from "../../test/references.ts";
import { drawCanvas, markdownCanvas } from "./draw-canvas.ts";
import { drawMap, mermaidMap } from "./draw-map.ts";
import type { ChoreographyJson } from "../contract/json-form.ts";

function reference(name: string): ChoreographyJson {
  const json = references.get(name);
  if (json === undefined) throw new Error(`no reference ${name}`);
  return json;
}

const published = reference("create-order-1-as-published");

describe("the map", () => {
  it("has a column for each participant and a line for each command and event", () => {
    expect(drawMap(published)).toMatchInlineSnapshot(`
      "Create Order: as published

                                        Order      Consumer   Kitchen    Accounting
       createOrder ───────────────────────▶            │         │            │
       OrderCreated                       ●────────────▶─────────▶────────────▶
       ConsumerVerified                   │            ●─────────┼────────────▶
       TicketCreated                      │            │         ●────────────▶
       CreditCardAuthorized               ◀────────────┼─────────◀────────────●
       CreditCardAuthorizationFailed      ◀────────────┼─────────◀────────────●
       OrderApproved                      ●            │         │            │  ▷
       OrderRejected                      ●            │         │            │  no subscriber

      ● publishes   ▶ ◀ takes   ▷ is public
      "
    `);
  });

  it("has a column for another choreography, and what is taken from there once", () => {
    const points: ChoreographyJson = {
      name: "Points",
      participants: {
        Points: {
          initial: "none",
          states: { none: { on: { Paid: [{ to: "SOME", emit: ["Earned"] }] } }, SOME: {} },
        },
      },
      commands: {},
      takes: { Paid: { from: "Sale" } },
      publicEvents: ["Earned"],
      ends: [],
      forbidden: [],
    };
    expect(drawMap(points)).toMatchInlineSnapshot(`
      "Points

                 Points     Sale
       Paid         ◀─────────●
       Earned       ●         │  ▷

      ● publishes   ▶ ◀ takes   ▷ is public
      "
    `);
  });

  it("as Mermaid has the same edges", () => {
    expect(mermaidMap(published)).toMatchInlineSnapshot(`
      "flowchart LR
        p0["Order"]
        p1["Consumer"]
        p2["Kitchen"]
        p3["Accounting"]
        c0(["createOrder"]) --> p0
        p0 -- "OrderCreated" --> p1
        p0 -- "OrderCreated" --> p2
        p0 -- "OrderCreated" --> p3
        p1 -- "ConsumerVerified" --> p3
        p2 -- "TicketCreated" --> p3
        p3 -- "CreditCardAuthorized<br>CreditCardAuthorizationFailed" --> p0
        p3 -- "CreditCardAuthorized<br>CreditCardAuthorizationFailed" --> p2
        p0 -. "OrderApproved" .-> outside((outside))
      "
    `);
  });

  it("says how often a command may come", () => {
    expect(drawMap(reference("order-lifecycle"))).toMatch(/cancelOrder ─+▶ .*\(any number of times\)/);
  });

  it("takes any name into Mermaid's quotes", () => {
    const states = {
      A: { commands: { 'say "hi"': [{ to: "A", emit: ["a<b"] }] }, on: { "a<b": "ignore" as const } },
    };
    const participants = { "P&Q": { initial: "A", states } };
    const drawn = mermaidMap({ ...published, participants, publicEvents: ["a<b"] });
    expect(drawn).toContain('p0["P#amp;Q"]');
    expect(drawn).toContain('c0(["say #quot;hi#quot;"]) --> p0');
    expect(drawn).toContain('p0 -- "a#lt;b" --> p0');
    expect(drawMap({ ...published, participants })).toContain("◉");
  });
});

describe("the canvas", () => {
  it("has a line or more for each step", () => {
    expect(drawCanvas(published)).toMatchInlineSnapshot(`
      "Create Order: as published

      step  triggered by                   participant  command and change                    publishes                      undone by
      ────  ─────────────────────────────  ───────────  ────────────────────────────────────  ─────────────────────────────  ─────────
      1     a command                      Order        createOrder                           OrderCreated                   9
                                                        ABSENT → APPROVAL_PENDING
      2     OrderCreated                   Consumer     NONE → VERIFIED                       ConsumerVerified
      3     OrderCreated                   Kitchen      ABSENT → CREATE_PENDING               TicketCreated                  8
      4     OrderCreated                   Accounting   ABSENT → PENDING
      5     TicketCreated                  Accounting   PENDING → AUTHORIZED                  CreditCardAuthorized
            + ConsumerVerified                          PENDING → FAILED                      CreditCardAuthorizationFailed
      6     CreditCardAuthorized           Kitchen      CREATE_PENDING → AWAITING_ACCEPTANCE
      7     CreditCardAuthorized           Order        APPROVAL_PENDING → APPROVED           OrderApproved

      otherwise:
      8     CreditCardAuthorizationFailed  Kitchen      CREATE_PENDING → REJECTED
      9     CreditCardAuthorizationFailed  Order        APPROVAL_PENDING → REJECTED           OrderRejected
      "
    `);
  });

  it("as Markdown is one table", () => {
    const lines = markdownCanvas(published).trimEnd().split("\n");
    expect(lines.slice(2).every((line) => line.split(" | ").length === 6)).toBe(true);
    expect(lines).toHaveLength(13);
    expect(lines[8]).toBe(
      "| 5 | TicketCreated<br>+ ConsumerVerified | Accounting | PENDING → AUTHORIZED<br>PENDING → FAILED | CreditCardAuthorized<br>CreditCardAuthorizationFailed |  |",
    );
  });

  it("says what is not reached", () => {
    const participants = { P: { initial: "A", states: { A: { on: { Unheard: [{ to: "A" }] } } } } };
    expect(drawCanvas({ ...published, participants })).toContain("not reached from any command:");
  });
});
