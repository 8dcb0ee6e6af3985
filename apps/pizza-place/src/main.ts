// The program: `npm start`.
import { runProgram } from "./shared/program.ts";
import { startPlace } from "./programs/start/start-place.ts";

await runProgram(startPlace);
