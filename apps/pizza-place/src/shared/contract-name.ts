// The contracts that the pizza place can run: their names, and what each is.

export const contractNames = ["life", "deadline", "careful"] as const;
export type ContractName = (typeof contractNames)[number];

/** For `--help`. */
export const contractTexts: Readonly<Record<ContractName, string>> = {
  life: "the order's life",
  deadline: "the same, with a deadline for the approval",
  careful: "the same, with consumers' credit and a person's approval of large orders; needs new data",
};
