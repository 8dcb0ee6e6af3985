// What a key or a saga's id may be made of.
import { isStorable } from "../../store/storable.ts";

/** Whether a text can be a key: 1 to 200 characters that PostgreSQL can store. */
export function isKeyText(text: string): boolean {
  return text.length >= 1 && text.length <= 200 && isStorable(text);
}
