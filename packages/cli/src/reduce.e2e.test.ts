// `quadrille check --reduce`: products of sagas that are too large to be explored plainly.
import { expect, it } from "vitest";
import { runCli } from "../test/run-cli.ts";

const createOrder = "packages/quadrille/test/choreographies/create-order.json";

it("reduces what is too large without, and says what that means", async () => {
  const args = [
    "check",
    "--channel",
    "bag",
    "--sagas",
    "3",
    "--shared",
    "Consumer",
    "--bound",
    "plain=1000",
    createOrder,
  ];
  const [text, json, never] = await Promise.all([
    runCli(args),
    runCli([...args, "--json"]),
    runCli([...args, "--json", "--reduce", "never", "--bound", "states=2000"]),
  ]);
  // A consumer that is written for one saga does not know the second.
  expect(text?.code).toBe(1);
  expect(text?.out).toContain("4,433 states, 7,428 transitions, all of them explored, in ");
  expect(text?.out).toMatch(
    /^Explored by stubborn sets, which leave out orders that lead to the same: all states of rest/m,
  );
  expect(JSON.parse(json?.out ?? "")).toMatchObject({
    reduced: true,
    exhausted: true,
    bound: { plain: 1_000 },
  });
  expect(JSON.parse(never?.out ?? "")).toMatchObject({ reduced: false, exhausted: false, limit: "states" });
});

it("claims no more than what was found where even that is too much", async () => {
  const { code, out } = await runCli([
    "check",
    "--sagas",
    "3",
    "--shared",
    "Consumer",
    "--bound",
    "plain=100,states=500",
    createOrder,
  ]);
  expect(code).toBe(1);
  expect(out).toContain("not exhausted: the bound of states was hit");
  expect(out).toContain("lead to the same: what was found is real, and more may be wrong than was found.");
  expect(out).not.toContain("the verdict is that of all orders");
});
