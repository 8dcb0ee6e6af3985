// Kitchen's code: an order that the kitchen can make gets a ticket, another one the reason.
import { service, type Service } from "quadrille";
import { kitchen } from "./contract.ts";
import { countPizzas, kitchenRule, type KitchenRules } from "./rules.ts";

/** Kitchen, ready to be run with its rules. */
export function kitchenService(rules: KitchenRules): Service<typeof kitchen> {
  const refuse = kitchenRule(rules);
  return service(kitchen, {
    handlers: {
      ABSENT: {
        OrderCreated: ({ event, outcome }) => {
          const { orderId } = event;
          const reason = refuse(event);
          if (reason !== undefined) return outcome.no({ TicketCreationFailed: { orderId, reason } });
          const pizzas = event.lines.map(({ pizza, size, quantity }) => ({ pizza, size, quantity }));
          return outcome.ok({ data: { pizzas }, TicketCreated: { orderId, pizzas: countPizzas(event) } });
        },
      },
    },
  });
}
