// The AsyncAPI document: channels by participant, the edges of the map as operations, the payloads given.
// That the official parser takes it is tested in test/asyncapi.sweep.test.ts.
import { describe, expect, it } from "vitest";
import { reference, referenceCounts } from "../../test/reference-choreographies.ts";
import { choreography } from "../../test/small-choreography.ts";
import { graphOf } from "./graph.ts";
import { asOne } from "./system.ts";
import { toAsyncApi } from "./to-asyncapi.ts";

const shop = choreography({
  Shop: {
    initial: "s",
    states: { s: { commands: { go: [{ to: "t", emit: ["Went"] }], stop: [{ to: "t" }] } }, t: {} },
  },
  Cook: { initial: "s", states: { s: { on: { Went: [{ to: "t", emit: ["Cooked"] }] } }, t: {} } },
});
const orders = { ...shop, name: "Orders", publicEvents: ["Cooked"] };
const loyalty = {
  ...choreography({
    Points: { initial: "s", states: { s: { on: { Cooked: [{ to: "t", emit: ["Went"] }] } }, t: {} } },
  }),
  name: "Loyalty",
  takes: { Cooked: { from: "Orders" } },
};

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string; readonly messages: object }>>;
  readonly operations: Readonly<
    Record<string, { readonly action: string; readonly messages: readonly { readonly $ref: string }[] }>
  >;
}
/** Each operation with its action and messages, for reading. */
function problemsOf(document: unknown): readonly string[] {
  const { operations } = document as Document;
  return Object.entries(operations).map(([key, { action, messages }]) => {
    const names = messages.map(({ $ref }) => $ref.replace("#/channels/", "").replace("/messages/", " "));
    return `${key}: ${action} ${names.join(", ")}`;
  });
}

describe("AsyncAPI", () => {
  it("has a channel for what each participant publishes and one for its commands, and who does what with it", () => {
    const document = toAsyncApi(shop, {
      version: "2.0.0",
      payloads: { Went: { type: "object" } },
      commands: { go: { type: "string" } },
    });
    expect(document).toMatchObject({
      asyncapi: "3.0.0",
      info: { title: "small", version: "2.0.0", tags: [{ name: "Shop" }, { name: "Cook" }] },
      channels: {
        Shop: { address: "Shop", messages: { Went: { $ref: "#/components/messages/Went" } } },
        Shop_commands: { address: "Shop/commands" },
        Cook: { address: "Cook" },
      },
      components: {
        messages: {
          Went: { name: "Went", payload: { type: "object" } },
          go: { name: "go", payload: { type: "string" } },
        },
      },
    });
    expect(problemsOf(document)).toEqual([
      "Shop_sends: send Shop Went",
      "Cook_receives_from_Shop: receive Shop Went",
      "Shop_receives_commands: receive Shop_commands go, Shop_commands stop",
      "Cook_sends: send Cook Cooked",
    ]);
  });

  it("of a system joins the choreographies, and keeps events of one name apart", () => {
    expect(problemsOf(toAsyncApi([orders, loyalty]))).toEqual([
      "Shop_sends: send Shop Went__Orders_",
      "Cook_receives_from_Shop: receive Shop Went__Orders_",
      "Shop_receives_commands: receive Shop_commands go, Shop_commands stop",
      "Cook_sends: send Cook Cooked",
      "Points_receives_from_Cook: receive Cook Cooked",
      "Points_sends: send Points Went__Loyalty_",
    ]);
  });

  it("of one that takes an event from elsewhere receives it there, and sends nothing for the others", () => {
    const document = toAsyncApi(loyalty);
    expect(problemsOf(document)).toEqual([
      "Points_sends: send Points Went",
      "Points_receives_from_Orders: receive Orders Cooked",
    ]);
    expect(document).toMatchObject({ info: { tags: [{ name: "Points" }] } });
  });

  it.each(Object.keys(referenceCounts))(
    "of %s has the edges of the map, and refers only to what it has",
    (name) => {
      const one = reference(name);
      const document = toAsyncApi(one);
      const received = problemsOf(document).filter(
        (line) => line.includes(": receive ") && !line.includes("_commands"),
      );
      const edges = graphOf(asOne([one])).edges;
      expect(received.flatMap((line) => line.split(", ")).length).toBe(edges.length);
      for (const { producer, subscriber, event } of edges)
        expect(
          received.some(
            (line) =>
              line.startsWith(`${subscriber}_receives_from_${producer}:`) && line.includes(` ${event}`),
          ),
        ).toBe(true);
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
        ([, path = ""]) => path,
      );
      const resolves = (path: string): boolean =>
        path
          .split("/")
          .reduce<unknown>(
            (at, key) => (at instanceof Object && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
            document,
          ) !== undefined;
      expect(references.length).toBeGreaterThan(0);
      expect(references.filter((path) => !resolves(path))).toEqual([]);
    },
  );

  it("keeps names apart that differ only in what a key may not hold", () => {
    const odd = choreography({
      A: { initial: "s", states: { s: { commands: { "a b": [{ to: "s", emit: ["a b", "a/b"] }] } } } },
    });
    expect(toAsyncApi(odd)).toMatchObject({
      channels: { A: { messages: { a_b: {}, a_b_: {} } }, A_commands: { messages: { a_b__: {} } } },
      components: { messages: { a_b: { name: "a b" }, a_b_: { name: "a/b" }, a_b__: { name: "a b" } } },
    });
  });
});
