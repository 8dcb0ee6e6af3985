// The program: `npm run audit`.
import { auditPlace } from "./audit-place.ts";
import { runProgram } from "./program.ts";

await runProgram(auditPlace);
