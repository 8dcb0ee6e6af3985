// The program: `npm run order`.
import { changeOrder } from "./programs/order/change-order.ts";
import { runProgram } from "./shared/program.ts";

await runProgram(changeOrder);
