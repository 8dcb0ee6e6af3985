// The program: `npm run order`.
import { changeOrder } from "./change-order.ts";
import { runProgram } from "./program.ts";

await runProgram(changeOrder);
