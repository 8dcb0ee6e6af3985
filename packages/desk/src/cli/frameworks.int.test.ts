// The commands of frameworks, as users run them, with files in a folder.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import PostalMime from "postal-mime";
import { expect, it } from "vitest";
import { DeskBench } from "../../test/run-desk.ts";

it("lists, shows and suggests, with the reason", async () => {
  using bench = new DeskBench();
  const list = await bench.run(["frameworks"]);
  expect(list).toMatchObject({ code: 0, err: "" });
  expect(list.out).toContain("bluf              Bottom Line Up Front\n");
  const show = await bench.run(["frameworks", "show", "BLUF"]);
  expect(show.out).toContain("It takes about 5 min.");
  const found = await bench.run(
    "frameworks suggest --moment review --audience leaders --minutes 20".split(" "),
  );
  expect(found.out.split("\n")[0]).toBe(
    "aair: It is made for the moment “review”, suits leaders, takes about 20 of your 20 minutes. Use it from the first minute of an incident to its review.",
  );
  const none = await bench.run("frameworks suggest --moment interview --audience customers".split(" "));
  expect(none).toMatchObject({
    code: 1,
    out: "No framework fits all of that: leave one of --moment, --audience and --minutes out.\n",
  });
});

it("makes a document, says what is missing, and renders it when it is filled", async () => {
  using bench = new DeskBench();
  const made = await bench.run(["frameworks", "new", "pas", "--title", "Refunds without typing"]);
  expect(made.out).toMatch(
    /Made .*desk\/documents\/refunds-without-typing\.json\. To fill: problem, agitation, solution\.\n/,
  );
  const file = "desk/documents/refunds-without-typing.json";
  const empty = await bench.run(["frameworks", "check", file]);
  expect(empty.code).toBe(1);
  expect(empty.out).toContain(`error  ${file}/slots/problem: must not be empty. (slots)`);
  expect((await bench.run(["frameworks", "render", file])).code).toBe(1);

  const path = join(bench.cwd, file);
  const doc = JSON.parse(readFileSync(path, "utf8")) as { slots: object };
  const slots = {
    problem: "Refunds are typed.",
    agitation: "11 hours a week.",
    solution: "Cancelling starts the refund.",
  };
  writeFileSync(path, JSON.stringify({ ...doc, slots }));
  expect(await bench.run(["frameworks", "check", file])).toEqual({
    code: 0,
    out: `${file}: nothing to say against it.\n`,
    err: "",
  });
  const markdown = await bench.run(["frameworks", "render", file]);
  expect(markdown.out).toContain("**What it costs.** 11 hours a week.");
  const mail = await PostalMime.parse((await bench.run(["frameworks", "render", file, "--to", "eml"])).out);
  expect(mail).toMatchObject({ subject: "Refunds without typing", from: { address: "desk@example.org" } });
  expect(mail.text).toContain("What it costs. 11 hours a week.");
  expect(mail.html).toContain("<strong>What it costs.</strong> 11 hours a week.");
});

it("says in one sentence what is wrong", async () => {
  using bench = new DeskBench();
  const run = async (...args: string[]) => bench.run(["frameworks", ...args]);
  expect(await run("show", "blof")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^There is no framework "blof"; there are /) as string,
  });
  expect(await run("check", "none.json")).toEqual({
    code: 2,
    out: "",
    err: "There is no file none.json.\n",
  });
  writeFileSync(join(bench.cwd, "other.json"), '{"schema":"quadrille-desk/demand/1"}');
  expect((await run("check", "other.json")).err).toBe(
    'other.json has the schema "quadrille-desk/demand/1"; "schema": "quadrille-desk/document/1" is expected here.\n',
  );
  expect((await run("suggest", "--minutes", "many")).code).toBe(2);
});
