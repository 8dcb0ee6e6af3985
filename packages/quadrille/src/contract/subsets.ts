// The subsets of a list: the partial states of a join are those of its facts.

/** All subsets, the empty one first, each in the order of the list. */
export function subsets<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.reduce<T[][]>((some, one) => [...some, ...some.map((set) => [...set, one])], [[]]);
}
