// The two times that the data may go by.

/** The orders' own year, or the machine's time. */
export type WhoseTime = "orders" | "machine";
