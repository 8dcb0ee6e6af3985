// Consumer's code: a consumer who orders is verified against the directory of consumers.
import { service, type Service } from "quadrille";
import { consumer } from "./contract.ts";
import { type ConsumerDirectory, verify } from "./directory.ts";

/** Consumer, ready to be run with its directory. */
export function consumerService(directory: ConsumerDirectory): Service<typeof consumer> {
  return service(consumer, {
    handlers: {
      NONE: {
        OrderCreated: ({ payload, choose }) => {
          const verification = verify(directory, payload);
          return verification.ok
            ? choose.ok({
                ConsumerVerified: { orderId: payload.orderId, cardId: verification.account.cardId },
              })
            : choose.no({
                ConsumerVerificationFailed: { orderId: payload.orderId, reason: verification.reason },
              });
        },
      },
    },
  });
}
