// For tests: the program with loyalty points beside the orders.
import { systemAmbient } from "quadrille";
import { readOptions } from "../src/programs/start/options.ts";
import { run } from "../src/programs/start/run.ts";
import { besideOrders } from "./loyalty.ts";

const options = readOptions(process.argv.slice(2));
if (options === "help") throw new Error("it has the options of the pizza place");
const world = { ambient: systemAmbient(), screen: process.stdout, stop: new AbortController().signal };
process.exit(await run(options, { ...world, beside: besideOrders }));
