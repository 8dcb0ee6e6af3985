// JSON pointers (RFC 6901): places in a contract's JSON form.

/** The path of a key below a place, as a JSON pointer (RFC 6901). */
export function pointer(place: string, ...keys: readonly (string | number)[]): string {
  let path = place;
  for (const key of keys) path += `/${escaped(String(key))}`;
  return path;
}

/** Most names have nothing to escape, and the checker writes thousands of pointers. */
function escaped(key: string): string {
  return key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}

/** The keys that a JSON pointer names, from the root on. */
export function pointerKeys(path: string): readonly string[] {
  return path === "" ? [] : path.slice(1).split("/").map(unescaped);
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}
