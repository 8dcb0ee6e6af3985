// The program: `npm run audit`.
import { auditPlace } from "./programs/audit/audit-place.ts";
import { runProgram } from "./shared/program.ts";

await runProgram(auditPlace);
