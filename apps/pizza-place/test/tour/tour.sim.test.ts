// The transition tour: every transition of the order's life is reached by a path from the beginning, through
// the real handlers and the real engine. The paths are the checker's.
import { type Choreography, toJson } from "quadrille";
import { coveringPaths } from "quadrille/check";
import type { PathStep } from "quadrille/testing";
import { expect, it } from "vitest";
import { isSweep } from "../../../../test/sweep.ts";
import { accountingService, accountingServiceWithDeadline } from "../../src/accounting/service.ts";
import { choreographyOf, servicesOf } from "../../src/composition/contracts.ts";
import { consumerService } from "../../src/consumer/service.ts";
import { publishedKitchenService, publishedKitchenServiceOnApproval } from "../../src/kitchen/service.ts";
import { publishedLife } from "../../src/life/published.ts";
import { publishedLifeWithDeadline } from "../../src/life/published-with-deadline.ts";
import { orderService, orderServiceWithDeadline } from "../../src/order/service.ts";
import { known } from "../life-world.ts";
import { Tour, type TourParts } from "./tour.ts";

const { directory, rules, cards } = known;
const tours: readonly (TourParts & { readonly what: string; readonly transitions: number })[] = [
  {
    what: "the published life",
    transitions: 341,
    choreography: publishedLife,
    services: (provider) => [
      orderService(),
      consumerService(directory),
      publishedKitchenService(rules),
      accountingService(cards, provider),
    ],
  },
  {
    what: "the published life with a deadline",
    transitions: 810,
    choreography: publishedLifeWithDeadline,
    services: (provider) => [
      orderServiceWithDeadline(),
      consumerService(directory),
      publishedKitchenServiceOnApproval(rules),
      accountingServiceWithDeadline(cards, provider),
    ],
  },
  {
    what: "the life that runs",
    transitions: 367,
    choreography: choreographyOf("life"),
    services: (provider) => servicesOf("life", { ...known, provider }),
  },
];

/** Messages overtake each other, as the published counts have it. */
const anyOrder = { channel: "bag" } as const;

// The one with a deadline has five hundred paths: npm run sweep goes them, too.
it.each(tours.filter(({ transitions }) => isSweep || transitions < 500))(
  "every transition of $what is toured",
  async ({ what, transitions, ...parts }) => {
    const toured = new Set<string>();
    const paths = coveringPaths(toJson(parts.choreography), anyOrder);
    await using tour = await Tour.start(parts);
    for (const path of paths) {
      await tour.go(path).catch((error: unknown) => {
        const steps = path.map(
          ({ participant, trigger, choice = "" }) => `${participant} ${trigger} ${choice}`,
        );
        throw new Error(`${String(error)}\n${steps.join("\n")}`);
      });
      for (const transition of transitionsOf(parts.choreography, path)) toured.add(transition);
    }
    console.log(`${what}: ${toured.size} of ${transitions} transitions toured, by ${paths.length} paths.`);
    expect(toured.size).toBe(transitions);
  },
);

it("code that goes another way than the model is found", async () => {
  const [published] = tours;
  if (published === undefined) throw new Error("there is no tour");
  const { choreography } = published;
  await using tour = await Tour.start({
    choreography,
    services: (provider) =>
      published
        .services(provider)
        .map((one) =>
          one.participant.name === "Kitchen" ? publishedKitchenService({ ...rules, pizzasMax: 0 }) : one,
        ),
  });
  const path = coveringPaths(toJson(choreography), anyOrder).find((steps) =>
    steps.some(({ participant, choice }) => participant === "Kitchen" && choice === "ok"),
  );
  await expect(tour.go(path ?? [])).rejects.toThrow("Kitchen is in REJECTED after OrderCreated");
});

/** The transitions of a path, each by the state of the whole model before it and by what happens. */
function transitionsOf(choreography: Choreography, path: readonly PathStep[]): readonly string[] {
  const states = new Map(choreography.participants.map(({ name, initial }) => [name, initial]));
  const messages = new Map<string, number>();
  const spent: string[] = [];
  return path.map((step) => {
    const flying = [...messages]
      .filter(([, number]) => number > 0)
      .map(String)
      .toSorted();
    const what = [step.participant, step.kind, step.trigger, step.choice ?? "", step.to];
    const key = JSON.stringify([[...states], flying, spent.toSorted(), what]);
    states.set(step.participant, step.to);
    if (step.kind === "event") count(messages, `${step.trigger} to ${step.participant}`, -1);
    if (step.kind === "command" && choreography.commands[step.trigger] !== "unbounded")
      spent.push(step.trigger);
    for (const { event, to } of step.publishes)
      for (const one of to) count(messages, `${event} to ${one}`, 1);
    return key;
  });
}

function count(messages: Map<string, number>, message: string, by: number): void {
  messages.set(message, (messages.get(message) ?? 0) + by);
}
