// Other contracts of Kitchen: as published, and where a ticket goes live on the order's approval.
import { participant } from "quadrille";
import { CreditCardAuthorized } from "../accounting/events.ts";
import { OrderApproved } from "../order/events.ts";
import { head, ticket, untilPickUp } from "./contract.ts";

/** Where the approval has a deadline, a ticket goes live on Order's word only: an authorization may come too late. */
export const kitchenOnApproval = participant("Kitchen", { ...head, states: untilPickUp(OrderApproved) });

/** Kitchen as published: what becomes of a ticket after its preparation has begun is not told. */
export const publishedKitchen = participant("Kitchen", { ...head, states: ticket(CreditCardAuthorized) });
export const publishedKitchenOnApproval = participant("Kitchen", { ...head, states: ticket(OrderApproved) });
