// The names of the contracts that the pizza place can run.

/**
 * The order's life; the same with a deadline for the approval; the same with credit, and with approval by
 * value.
 */
export const contractNames = ["life", "deadline", "careful"] as const;
export type ContractName = (typeof contractNames)[number];
