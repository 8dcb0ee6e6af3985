// `quadrille explain` as a process: codes, and the names of a choreography.
import { describe, expect, it } from "vitest";
import { runCli } from "../test/run-cli.ts";

describe("explain", () => {
  it("knows codes, and events with all that happens to them", async () => {
    const [property, rule, error, event] = await Promise.all(
      ["p3a", "W06", "q_parked_unknown", "OrderRejected"].map((what) => runCli(["explain", what])),
    );
    expect(property?.out).toMatch(/^P3a \(error\): nothing deferred for ever\.\n {2}Holds: /);
    expect(rule?.out).toMatch(/^W06 \(error\): A state says two things/);
    expect(error?.out).toMatch(
      /^Q_PARKED_UNKNOWN \(operating error\): No parked message has this id\.\n {2}Trying again does not help\./,
    );
    expect(event?.out).toMatch(
      /^OrderRejected\n {2}published by\n {4}Order in APPROVAL_PENDING, on ConsumerVerificationFailed/,
    );
  });

  it("knows commands, activities and deadlines: who takes them where, and what follows", async () => {
    const lifecycle = ["-c", "packages/quadrille/test/choreographies/order-lifecycle-with-deadline.json"];
    const [command, json, activity, deadline] = await Promise.all([
      runCli(["explain", "createOrder"]),
      runCli(["explain", "createOrder", "--json"]),
      runCli(["explain", "pspAuthorize"]),
      runCli(["explain", "approvalTimeout", ...lifecycle]),
    ]);
    expect(command).toEqual({
      code: 0,
      out: "createOrder (a command, 1×)\n  taken by\n    Order in ABSENT: goes to APPROVAL_PENDING, publishes OrderCreated\n",
      err: "",
    });
    expect(JSON.parse(json?.out ?? "")).toMatchObject({
      kind: "command",
      name: "createOrder",
      budget: 1,
      taken: [{ participant: "Order", state: "ABSENT", disposition: "react" }],
    });
    expect(activity?.out).toMatch(
      /^pspAuthorize \(an activity\)\n {2}taken by\n {4}Accounting in AUTHORIZING: ok: goes to AUTHORIZED, publishes CreditCardAuthorized or declined: /,
    );
    expect(deadline?.out).toMatch(
      /^approvalTimeout \(a deadline\)\n {2}taken by\n {4}Order in APPROVAL_PENDING: goes to /,
    );
  });

  it("knows participants, state by state", async () => {
    const { code, out } = await runCli(["explain", "Consumer"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Consumer \(a participant, at first in NONE\)\n {2}in NONE\n {4}OrderCreated: ok: goes to VERIFIED, publishes ConsumerVerified or no: goes to REFUSED, /,
    );
    expect((await runCli(["explain", "Order"])).out).toContain("\n  in APPROVAL_PENDING (a lock)\n");
  });

  it("knows states: what each trigger does there, of every participant that has one", async () => {
    const { code, out } = await runCli(["explain", "APPROVAL_PENDING"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^APPROVAL_PENDING \(a state\)\n {2}of Order \(a lock\)\n {4}\w+: goes to /);
    const shared = await runCli(["explain", "REJECTED"]);
    expect(shared.out).toMatch(/\n {2}of Order[^]*\n {2}of Kitchen/);
    const json = await runCli(["explain", "APPROVAL_PENDING", "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({
      kind: "state",
      states: [{ participant: "Order", state: "APPROVAL_PENDING", isLock: true }],
    });
  });

  it("says what there is when it knows nothing", async () => {
    const [code, event] = await Promise.all(["P99", "OrderEaten"].map((what) => runCli(["explain", what])));
    expect(code).toMatchObject({ code: 2, out: "" });
    expect(code?.err).toMatch(
      /^There is no code P99: there are P1 to P\d+, W01 to W\d\d, and the Q_ codes of errors\.\n$/,
    );
    expect(event?.err).toMatch(
      /^apps\/pizza-place\/src\/choreography\.ts has no event, command, activity, deadline, participant, state, end or forbidden combination OrderEaten, and it is no code/,
    );
  });
});
