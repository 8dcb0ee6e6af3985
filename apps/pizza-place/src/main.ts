// The program: `npm start`.
import { runProgram } from "./program.ts";
import { startPlace } from "./start-place.ts";

await runProgram(startPlace);
