// The ids of new sagas: in which lanes they begin.
import { expect, it } from "vitest";
import { virtualAmbient } from "../../ambient/virtual.ts";
import { laneOf } from "../message/lane-of.ts";
import { NewSagas, type NewSagasOptions, sagasInARow } from "./new-sagas.ts";

type Lane = {
  -readonly [Name in keyof NewSagasOptions["lanes"][number]]: NewSagasOptions["lanes"][number][Name];
};

function lanesOf(...states: Lane["state"][]): Lane[] {
  return states.map((state) => ({ state, hasRoom: true }));
}

/** Begins so many sagas, and gives the lanes in which they have begun. */
function begun(
  sagas: NewSagas,
  { lanes, count }: { readonly lanes: number; readonly count: number },
): readonly number[] {
  return Array.from({ length: count }, () => laneOf(sagas.id(), lanes));
}

it("begin in one lane, many in a row, and then in the next", () => {
  const sagas = new NewSagas({ lanes: lanesOf("owned", "owned", "owned"), ambient: virtualAmbient(1) });
  const turns = [0, 1, 2, 3].map(() => new Set(begun(sagas, { lanes: 3, count: sagasInARow })));
  expect(turns).toEqual([0, 1, 2, 0].map((lane) => new Set([lane])));
});

it("go on to the next lane while one has no room", () => {
  const lanes = lanesOf("owned", "owned");
  const sagas = new NewSagas({ lanes, ambient: virtualAmbient(1) });
  const [lane = -1] = begun(sagas, { lanes: 2, count: 1 });
  lanes[lane] = { state: "owned", hasRoom: false };
  expect(begun(sagas, { lanes: 2, count: 5 })).toEqual(Array.from({ length: 5 }, () => 1 - lane));
});

it("begin in the lanes that are owned here", () => {
  const lanes = lanesOf("leaving", "owned", "free", "owned", "paused");
  const sagas = new NewSagas({ lanes, ambient: virtualAmbient(1) });
  const turns = [0, 1, 2].map(() => new Set(begun(sagas, { lanes: 5, count: sagasInARow })));
  expect(turns).toEqual([1, 3, 1].map((lane) => new Set([lane])));
});

it("leave a lane that is given away, though commands wait there", () => {
  const lanes = lanesOf("owned", "owned");
  const sagas = new NewSagas({ lanes, ambient: virtualAmbient(1) });
  const [lane = -1] = begun(sagas, { lanes: 2, count: 1 });
  lanes[lane] = { state: "leaving", hasRoom: true };
  expect(begun(sagas, { lanes: 2, count: 5 })).toEqual(Array.from({ length: 5 }, () => 1 - lane));
});

it("begin in any lane where none is owned here", () => {
  const sagas = new NewSagas({ lanes: lanesOf("free", "free"), ambient: virtualAmbient(1) });
  expect(new Set(begun(sagas, { lanes: 2, count: 50 }))).toEqual(new Set([0, 1]));
});
