// The terminal, as far as progress needs it.

/** Wipes the line in which the cursor is. */
export const eraseLine = "\r\u001B[2K";

/** Where progress is written. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}
