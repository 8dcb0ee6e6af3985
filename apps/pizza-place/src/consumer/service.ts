// Consumer's code: whoever orders is verified against the directory of consumers.
import { service, type Service } from "quadrille";
import { consumer } from "./contract.ts";
import { type ConsumerDirectory, verify } from "./directory.ts";

/** Consumer, ready to be run with its directory. */
export function consumerService(directory: ConsumerDirectory): Service<typeof consumer> {
  return service(consumer, {
    handlers: {
      NONE: {
        OrderCreated: ({ event, outcome }) => {
          const verification = verify(directory, event);
          return verification.ok
            ? outcome.ok({
                ConsumerVerified: { orderId: event.orderId, cardId: verification.account.cardId },
              })
            : outcome.no({
                ConsumerVerificationFailed: { orderId: event.orderId, reason: verification.reason },
              });
        },
      },
    },
  });
}
