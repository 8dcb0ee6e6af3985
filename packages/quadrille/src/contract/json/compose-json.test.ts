// Contracts of several repositories become one choreography, or a sentence that says why not.
import { expect, it } from "vitest";
import { composeJson } from "./compose-json.ts";
import { reference } from "../../../test/reference-choreographies.ts";

it("contracts of four repositories compose to the choreography that one file holds", () => {
  const whole = reference("order-lifecycle");
  const parts = Object.entries(whole.participants).map(([name, participant]) => ({
    participants: { [name]: participant },
  }));
  const { participants: _, ...rest } = whole;
  expect(composeJson([...parts, { ...rest, participants: {} }])).toEqual({ ok: true, choreography: whole });
});

it("one thing declared twice alike is declared once", () => {
  const whole = reference("create-order");
  expect(composeJson([whole, whole])).toEqual({ ok: true, choreography: whole });
});

it("one participant defined in two ways is a problem", () => {
  const part = (to: string) => ({
    participants: { A: { initial: "s", states: { s: { on: { E: [{ to }] } }, t: {} } } },
  });
  expect(composeJson([part("s"), part("t")])).toEqual({
    ok: false,
    problems: [{ path: "/1", message: "participant A is declared twice, in different ways" }],
  });
});

it("an end may name a participant of another repository, but not one that no file brings", () => {
  const a = { participants: { A: { initial: "s", states: { s: {} } } } };
  const b = {
    participants: { B: { initial: "s", states: { s: {} } } },
    ends: [{ name: "e", states: { A: "s" } }],
  };
  expect(composeJson([a, b]).ok).toBe(true);
  expect(composeJson([b])).toMatchObject({
    problems: [{ code: "W11", message: 'the end "e" names the participant A, which does not take part' }],
  });
});

it("nothing to compose is a problem", () => {
  expect(composeJson([])).toMatchObject({ problems: [{ message: "there is no contract to compose" }] });
});
