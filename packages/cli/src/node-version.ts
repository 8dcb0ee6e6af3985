// Checks Node's version: with an old one the command ends with one sentence, before it loads anything that
// needs a newer one.

/** The oldest supported Node, as in package.json. */
const oldest = [22, 18] as const;

/** What is wrong with a version such as `20.20.2`; `undefined` if nothing is. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  if (!isOld) return undefined;
  return `quadrille needs Node ${oldest.join(".")} or newer, and this is Node ${version}. Install a newer one, or one for this folder, which npx finds: npm install --save-dev node@24`;
}
