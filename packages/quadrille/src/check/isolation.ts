import type { Exploration } from "./explore.ts";
import type { Finding } from "./finding.ts";
export function nameAnomalies(_exploration: Exploration, findings: readonly Finding[]): readonly Finding[] {
  return findings;
}
