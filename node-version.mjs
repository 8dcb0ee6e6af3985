// Loaded before every program of this repository that a person starts: an old Node is told in one sentence, and not by what it cannot parse.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `This needs Node 22.18 or newer, and runs on Node ${process.versions.node}. npm ci installs a Node 24 for the scripts, unless scripts of packages are switched off: npm rebuild node, or install a newer Node.\n`,
  );
  process.exit(2);
}
