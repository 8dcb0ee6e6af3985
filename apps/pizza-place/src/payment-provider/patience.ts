// The caller's side of a payment provider that may not answer: a time limit for each call.
import type { AuthorizationRequest, PaymentProvider, ProviderAnswer } from "./provider.ts";

/** Sleeps until the time is over or the signal aborts; never rejects. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<void>;

/** The same provider with a time limit, `answerMsMax`. A call that timed out may still have taken effect. */
export function withPatience(provider: PaymentProvider, answerMsMax: number, sleep: Sleep): PaymentProvider {
  return {
    async authorize(request: AuthorizationRequest, signal: AbortSignal): Promise<ProviderAnswer> {
      const over = new AbortController();
      const either = AbortSignal.any([signal, over.signal]);
      const silence = async (): Promise<never> => {
        await sleep(answerMsMax, either);
        throw new Error(`The payment provider did not answer within ${answerMsMax} ms`);
      };
      try {
        return await Promise.race([provider.authorize(request, either), silence()]);
      } finally {
        // With a reason of our own, because the usual exception is made, with its trace, for every call.
        over.abort("answered");
      }
    },
  };
}

/** An answer that is known not to come: the provider may have taken the call all the same. */
export class LostAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LostAnswer";
  }
}

/** The same provider, asked once more where an answer was lost. */
export function askedAgain(provider: PaymentProvider): PaymentProvider {
  return {
    authorize: (request, signal) =>
      provider.authorize(request, signal).catch((error: unknown) => {
        if (error instanceof LostAnswer) return provider.authorize(request, signal);
        throw error;
      }),
  };
}
