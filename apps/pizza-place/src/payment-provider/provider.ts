// What Accounting sees of the payment provider.

/** A request to hold an amount on a card. */
export interface AuthorizationRequest {
  /** The idempotency key: a repeat gets the first answer and holds nothing again. */
  readonly key: string;
  readonly cardToken: string;
  /** In cents. */
  readonly amount: number;
  /** What it is for: the order's id. */
  readonly reference: string;
}

/** Whether the card is charged. */
export type ProviderAnswer =
  | { readonly answer: "authorized"; readonly authorizationId: string }
  | { readonly answer: "declined" };

/**
 * Takes authorizations. Rejects if there was no answer; the authorization may have taken effect, so ask again
 * with the same key.
 */
export interface PaymentProvider {
  authorize(request: AuthorizationRequest, signal: AbortSignal): Promise<ProviderAnswer>;
}

/** A change of an authorization: another amount is held, or none. */
export interface ProviderChange {
  /** The idempotency key. */
  readonly key: string;
  readonly kind: "change" | "reversal";
  readonly authorizationId: string;
  /** What the authorization is for: the order's id. */
  readonly reference: string;
  /** In cents: what is held from now on, or what is held no longer. */
  readonly amount: number;
}
