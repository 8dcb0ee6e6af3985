// `quadrille explain` as a process: codes, and the names of a choreography.
import { describe, expect, it } from "vitest";
import { runCli } from "../../test/run-cli.ts";

describe.concurrent("explain", () => {
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

  it("says what there is when it knows nothing", async () => {
    const [code, event] = await Promise.all(["P99", "OrderEaten"].map((what) => runCli(["explain", what])));
    expect(code).toMatchObject({
      code: 2,
      out: "",
      err: "There is no code P99: there are P1 to P16, W01 to W20, and the Q_ codes of errors.\n",
    });
    expect(event?.err).toMatch(
      /^apps\/pizza-place\/src\/choreography\.ts has no event OrderEaten, and it is no code/,
    );
  });
});
