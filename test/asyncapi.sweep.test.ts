// The AsyncAPI documents of everything that is shipped are valid by AsyncAPI's own parser, with the schemas
// of their payloads.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { describe, expect, it } from "vitest";
import { payloadSchemas } from "../packages/cli/src/read/payload-schemas.ts";
import type { Choreography } from "../packages/quadrille/src/contract/choreography.ts";
import type { ChoreographyJson } from "../packages/quadrille/src/contract/json-form.ts";
import { toJson } from "../packages/quadrille/src/contract/json/to-json.ts";
import { toAsyncApi } from "../packages/quadrille/src/draw/to-asyncapi.ts";
import { reference, referenceCounts } from "../packages/quadrille/test/reference-choreographies.ts";
import { swept } from "./sweep.ts";

const root = join(import.meta.dirname, "..");
// Core rules alone: other rules remark about a document of 3.0.0 that there is 3.1.0.
const parser = new Parser({ ruleset: { core: true, recommended: false } });

/** The severity of what makes a document invalid. */
const errorSeverity = 0;

/** What the parser finds wrong, with its place. */
async function problemsOf(document: unknown): Promise<readonly string[]> {
  const found = await parser.validate(JSON.stringify(document));
  return found
    .filter(({ severity }: { readonly severity: number }) => severity === errorSeverity)
    .map(({ message, path }) => `${path.join("/")}: ${message}`);
}

/** The choreographies that a module exports, as `quadrille export --asyncapi` takes them. */
async function systemIn(file: string): Promise<readonly { json: ChoreographyJson; value: Choreography }[]> {
  const module: unknown = await import(join(root, file));
  const values = new Set(Object.values(module ?? {}).filter(isChoreography));
  return [...values].map((value) => ({ json: toJson(value), value }));
}

function isChoreography(value: unknown): value is Choreography {
  return value instanceof Object && "kind" in value && value.kind === "choreography";
}

async function documentOf(file: string): Promise<ReturnType<typeof toAsyncApi>> {
  const system = await systemIn(file);
  expect(system.length, file).toBeGreaterThan(0);
  return toAsyncApi(
    system.map(({ json }) => json),
    payloadSchemas(system),
  );
}

const life = "apps/pizza-place/src/choreography.ts";
const loyalty = "docs/examples/guide/loyalty-points.ts";
const others = globSync(["apps/pizza-place/src/life/*.ts", "docs/examples/**/*.ts"], { cwd: root })
  .filter(
    (file) => file !== loyalty && /(^|[^.])\bchoreography\(/m.test(readFileSync(join(root, file), "utf8")),
  )
  .toSorted();

describe("AsyncAPI's own parser", () => {
  it.each([life, loyalty, ...swept(others, 20)])("takes the document of %s", async (file) => {
    expect(await problemsOf(await documentOf(file))).toEqual([]);
  });

  it.each(swept(Object.keys(referenceCounts), 9))("takes the document of %s.json", async (name) => {
    expect(await problemsOf(toAsyncApi(reference(name)))).toEqual([]);
  });

  it("refuses one that is broken, so that the tests above can fail", async () => {
    const broken = JSON.stringify(await documentOf(loyalty)).replace(
      '"#/channels/Order"',
      '"#/channels/Missing"',
    );
    const [problem] = await problemsOf(JSON.parse(broken));
    expect(problem).toMatch(/Missing.*does not exist/);
  });
});

it("the document of a system has the payloads of its events and commands, as JSON Schema", async () => {
  const document = await documentOf(loyalty);
  const payload = { type: "object", required: ["customerId", "cents"] };
  expect(document).toMatchObject({
    channels: { Points: {}, Order: {}, Order_commands: {}, Kitchen: {} },
    operations: {
      Points_receives_from_Order: { messages: [{ $ref: "#/channels/Order/messages/OrderApproved" }] },
    },
    components: {
      messages: { OrderApproved: { payload, tags: [{ name: "public" }] }, placeOrder: { payload } },
    },
  });
});
