// Cards as Accounting keeps them: no card number, only the payment provider's token.

/** A card on file. */
export interface Card {
  readonly cardId: string;
  /** The provider's name for the card. */
  readonly token: string;
  /** A prepaid card has been charged by its authorization: that cannot be reversed. */
  readonly isPrepaid: boolean;
  /** The most that an authorization may be raised to, in cents. */
  readonly raiseMax: number;
}

/** The cards by id. */
export type CardFile = ReadonlyMap<string, Card>;

/** Makes a file of cards. */
export function cardFile(cards: readonly Card[]): CardFile {
  return new Map(cards.map((card) => [card.cardId, card]));
}
