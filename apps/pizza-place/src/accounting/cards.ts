// What Accounting knows of cards: never a number, only the token by which the payment provider knows the card.

/** A card on file. */
export interface Card {
  readonly cardId: string;
  /** The provider's name for the card. */
  readonly token: string;
}

/** The provider's tokens by card id. */
export type CardFile = ReadonlyMap<string, string>;

/** Makes a file of cards. */
export function cardFile(cards: readonly Card[]): CardFile {
  return new Map(cards.map(({ cardId, token }) => [cardId, token]));
}
