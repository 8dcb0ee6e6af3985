// Other contracts of Kitchen: as published, and where a ticket goes live on the order's approval.
import { participant } from "quadrille";
import { CreditCardAuthorized } from "../events/accounting.ts";
import { OrderApproved } from "../events/order.ts";
import { head, ticket, untilPickUp } from "./contract.ts";

/**
 * With a deadline for the approval, a ticket goes live only on Order's approval, because an authorization may
 * come too late.
 */
export const kitchenOnApproval = participant("Kitchen", { ...head, states: untilPickUp(OrderApproved) });

/** Kitchen as published: without the states of a ticket after its preparation has begun. */
export const publishedKitchen = participant("Kitchen", { ...head, states: ticket(CreditCardAuthorized) });
export const publishedKitchenOnApproval = participant("Kitchen", { ...head, states: ticket(OrderApproved) });
