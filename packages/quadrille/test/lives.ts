// Lives that go on: a round of work takes locks and ends where the outer party was, and it has succeeded.
import type { ChoreographyJson } from "../src/contract/json-form.ts";
import { choreography, end } from "./small-choreography.ts";

/** A membership is renewed every year, and stays active whether the payment succeeds or not, for a while. */
const renewal: ChoreographyJson = choreography(
  {
    Membership: {
      initial: "NONE",
      states: {
        NONE: { commands: { join: [{ to: "ACTIVE", emit: ["Joined"] }] } },
        ACTIVE: { commands: { renew: [{ to: "RENEWING", emit: ["RenewalAsked"] }] } },
        RENEWING: {
          lock: true,
          on: {
            Paid: [{ to: "ACTIVE", emit: ["Renewed"] }],
            Declined: [
              { choice: "grace", to: "ACTIVE", emit: ["RenewalFailed"] },
              { choice: "lapse", to: "LAPSED", emit: ["Lapsed"] },
            ],
          },
        },
        LAPSED: {},
      },
    },
    Billing: {
      initial: "IDLE",
      states: {
        IDLE: {
          on: {
            AccessKept: [
              { choice: "ok", to: "IDLE", emit: ["Paid"] },
              { choice: "no", to: "IDLE", emit: ["Declined"] },
            ],
          },
        },
      },
    },
    Access: {
      initial: "NONE",
      states: {
        NONE: { on: { Joined: [{ to: "TRIAL" }] } },
        TRIAL: { on: { RenewalAsked: [{ to: "PROVISIONAL", emit: ["AccessKept"] }] } },
        PROVISIONAL: {
          lock: true,
          on: {
            Renewed: [{ to: "FULL" }],
            RenewalFailed: [{ to: "TRIAL" }],
            Lapsed: [{ to: "CLOSED" }],
          },
        },
        FULL: { on: { RenewalAsked: [{ to: "EXTENDING", emit: ["AccessKept"] }] } },
        EXTENDING: {
          lock: true,
          on: { Renewed: [{ to: "FULL" }], RenewalFailed: [{ to: "FULL" }], Lapsed: [{ to: "CLOSED" }] },
        },
        CLOSED: {},
      },
    },
  },
  {
    commands: { join: 1, renew: "unbounded" },
    ends: [
      end("active", { Membership: "ACTIVE", Access: ["TRIAL", "FULL"] }),
      end("lapsed", { Membership: "LAPSED", Access: "CLOSED" }),
    ],
  },
);

/** A lot takes bid after bid. Leading is a bid's acceptance; a bid that is outbid frees its deposit. */
const auction: ChoreographyJson = choreography(
  {
    Lot: {
      initial: "OPEN",
      states: {
        OPEN: {
          commands: { bid: [{ to: "JUDGING", emit: ["BidMade"] }], close: [{ to: "SOLD", emit: ["Sold"] }] },
        },
        JUDGING: {
          lock: true,
          on: {
            DepositBlocked: [
              { choice: "leads", to: "OPEN", emit: ["Leading"] },
              { choice: "low", to: "OPEN", emit: ["Outbid"] },
            ],
            DepositRefused: [{ to: "OPEN" }],
          },
        },
        SOLD: {},
      },
    },
    Deposit: {
      initial: "FREE",
      states: {
        FREE: {
          on: {
            BidMade: [
              { choice: "ok", to: "BLOCKING", emit: ["DepositBlocked"] },
              { choice: "no", to: "FREE", emit: ["DepositRefused"] },
            ],
            Sold: "ignore",
          },
        },
        BLOCKING: { lock: true, on: { Leading: [{ to: "HELD" }], Outbid: [{ to: "FREE" }] } },
        HELD: {
          on: { BidMade: [{ to: "RAISING", emit: ["DepositBlocked"] }], Sold: [{ to: "TAKEN" }] },
        },
        RAISING: { lock: true, on: { Leading: [{ to: "HELD" }], Outbid: [{ to: "FREE" }] } },
        TAKEN: {},
      },
    },
  },
  {
    commands: { bid: "unbounded", close: 1 },
    ends: [
      end("open", { Lot: "OPEN", Deposit: "FREE" }),
      end("leading", { Lot: "OPEN", Deposit: "HELD" }),
      end("sold", { Lot: "SOLD", Deposit: ["FREE", "TAKEN"] }),
    ],
  },
);

/** A stay is extended, for which the card is authorized again: also one whose authorization has run out. */
const reauthorization: ChoreographyJson = choreography(
  {
    Stay: {
      initial: "NONE",
      states: {
        NONE: { commands: { arrive: [{ to: "STAYING", emit: ["Arrived"] }] } },
        STAYING: { commands: { extend: [{ to: "EXTENDING", emit: ["ExtensionAsked"] }] } },
        EXTENDING: {
          lock: true,
          on: {
            Authorized: [
              { choice: "room", to: "STAYING", emit: ["Extended"] },
              { choice: "full", to: "STAYING", emit: ["NotExtended"] },
            ],
            NotAuthorized: [{ to: "STAYING" }],
          },
        },
      },
    },
    Card: {
      initial: "NONE",
      states: {
        NONE: { on: { Arrived: [{ to: "VALID" }] } },
        VALID: {
          commands: { runOut: [{ to: "RUN_OUT" }] },
          on: {
            ExtensionAsked: [
              { choice: "ok", to: "RAISING", emit: ["Authorized"] },
              { choice: "no", to: "VALID", emit: ["NotAuthorized"] },
            ],
          },
        },
        RAISING: { lock: true, on: { Extended: [{ to: "VALID" }], NotExtended: [{ to: "VALID" }] } },
        RUN_OUT: {
          on: {
            ExtensionAsked: [
              { choice: "ok", to: "RENEWING", emit: ["Authorized"] },
              { choice: "no", to: "RUN_OUT", emit: ["NotAuthorized"] },
            ],
          },
        },
        RENEWING: { lock: true, on: { Extended: [{ to: "VALID" }], NotExtended: [{ to: "RUN_OUT" }] } },
      },
    },
  },
  {
    commands: { arrive: 1, extend: "unbounded", runOut: "unbounded" },
    ends: [
      end("staying", { Stay: "STAYING", Card: "VALID" }),
      end("staying on trust", { Stay: "STAYING", Card: "RUN_OUT" }),
    ],
  },
);

/** A subscriber begins with either plan, and changes to the other and back. */
const planChange: ChoreographyJson = choreography(
  {
    Account: {
      initial: "NONE",
      states: {
        NONE: { commands: { subscribe: [{ to: "ACTIVE", emit: ["Subscribed"] }] } },
        ACTIVE: { commands: { change: [{ to: "CHANGING", emit: ["ChangeAsked"] }] } },
        CHANGING: {
          lock: true,
          on: {
            PriceAgreed: [{ to: "ACTIVE", emit: ["PlanChanged"] }],
            PriceRefused: [{ to: "ACTIVE", emit: ["PlanKept"] }],
          },
        },
      },
    },
    Plan: {
      initial: "NONE",
      states: {
        NONE: {
          on: {
            Subscribed: [
              { choice: "small", to: "SMALL" },
              { choice: "large", to: "LARGE" },
            ],
          },
        },
        SMALL: { on: { ChangeAsked: [{ to: "GROWING", emit: ["PriceAsked"] }] } },
        GROWING: { lock: true, on: { PlanChanged: [{ to: "LARGE" }], PlanKept: [{ to: "SMALL" }] } },
        LARGE: { on: { ChangeAsked: [{ to: "SHRINKING", emit: ["PriceAsked"] }] } },
        SHRINKING: { lock: true, on: { PlanChanged: [{ to: "SMALL" }], PlanKept: [{ to: "LARGE" }] } },
      },
    },
    Billing: {
      initial: "OPEN",
      states: {
        OPEN: {
          on: {
            PriceAsked: [
              { choice: "ok", to: "OPEN", emit: ["PriceAgreed"] },
              { choice: "no", to: "OPEN", emit: ["PriceRefused"] },
            ],
          },
        },
      },
    },
  },
  {
    commands: { subscribe: 1, change: "unbounded" },
    ends: [
      end("small", { Account: "ACTIVE", Plan: "SMALL" }),
      end("large", { Account: "ACTIVE", Plan: "LARGE" }),
    ],
  },
);

/** A shelf is recounted again and again. Only a count that fits opens it; nothing can refuse the round. */
const recount: ChoreographyJson = choreography(
  {
    Stocktaking: {
      initial: "IDLE",
      states: {
        IDLE: { commands: { recount: [{ to: "COUNTING", emit: ["CountAsked"] }] } },
        COUNTING: { lock: true, on: { Counted: [{ to: "IDLE", emit: ["Booked"] }] } },
      },
    },
    Shelf: {
      initial: "SURE",
      states: {
        SURE: {
          commands: { missPiece: [{ to: "UNSURE" }] },
          on: { CountAsked: [{ to: "CLOSED", emit: ["Counted"] }] },
        },
        UNSURE: { on: { CountAsked: [{ to: "CLOSED_UNSURE", emit: ["Counted"] }] } },
        CLOSED: { lock: true, on: { Booked: [{ to: "SURE" }] } },
        CLOSED_UNSURE: { lock: true, on: { Booked: [{ to: "SURE" }] } },
      },
    },
  },
  {
    commands: { recount: "unbounded", missPiece: "unbounded" },
    ends: [
      end("sure", { Stocktaking: "IDLE", Shelf: "SURE" }),
      end("unsure", { Stocktaking: "IDLE", Shelf: "UNSURE" }),
    ],
  },
);

/** By what goes on. */
export const lives: Readonly<Record<string, ChoreographyJson>> = {
  "a membership": renewal,
  "an auction": auction,
  "a stay on a card": reauthorization,
  "a subscription": planChange,
  "a shelf": recount,
};
