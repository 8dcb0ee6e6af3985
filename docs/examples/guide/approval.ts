// Two of three people have to approve, and each of them may never answer: a join that may rest.
import {
  atLeast,
  choreography,
  command,
  event,
  ignore,
  memoryDatabase,
  on,
  participant,
  service,
  startEngine,
  to,
} from "quadrille";

const ask = command("ask");
const Asked = event("Asked");

/** A person who may approve, and may never answer. */
function approver<const Name extends string>(name: Name) {
  const approve = command(`approve${name}`);
  const Approved = event(`ApprovedBy${name}`);
  const person = participant(name, {
    entity: "Approval",
    initial: "none",
    states: {
      none: [on(Asked, to("ASKED"))],
      ASKED: [on(approve, to("GIVEN").emits(Approved))],
      GIVEN: [],
    },
  });
  return { approve, Approved, person };
}
const [ann, bob, cleo] = [approver("Ann"), approver("Bob"), approver("Cleo")];
const [ByAnn, ByBob, ByCleo] = [ann.Approved, bob.Approved, cleo.Approved];

const decision = participant("Decision", {
  entity: "Decision",
  initial: "none",
  states: {
    none: [on(ask, to("OPEN").emits(Asked))],
    OPEN: [on(atLeast(2, ByAnn, ByBob, ByCleo), to("MADE"), { rests: true })],
    MADE: [ignore(ByAnn), ignore(ByBob), ignore(ByCleo)],
  },
});

export const approval = choreography("Approval", {
  participants: [decision, ann.person, bob.person, cleo.person],
  ends: { open: { Decision: "OPEN" }, made: { Decision: "MADE" } },
});

if (import.meta.main) {
  await using database = memoryDatabase();
  const services = approval.participants.map((one) => service(one));
  await using engine = await startEngine({ choreography: approval, services, database });
  const { sagaId } = await engine.send(ask);
  const saga = engine.saga(sagaId);
  await saga.ended({ signal: AbortSignal.timeout(5_000) });
  for (const approve of [bob.approve, cleo.approve]) {
    await engine.send(approve, { sagaId });
    const ended = await saga.ended({ signal: AbortSignal.timeout(5_000) });
    console.log(ended?.end, ended?.states["Decision"]);
  }
}
