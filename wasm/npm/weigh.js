// What the JavaScript of the package weighs, as pages load it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Bytes of gzip -9 of an entry and all that it imports: what they may be today, and what they are to come down to. */
const ENTRIES = {
  "client-web.js": { most: 8_120, goal: 8 * 1024 },
  "web.js": { most: 13_900, goal: 8 * 1024 },
};

/** Prints the weights of what is in a directory, and holds them. */
export function weigh(dist) {
  for (const [entry, { most, goal }] of Object.entries(ENTRIES)) {
    const { length } = gzipSync(Buffer.concat(Array.from(loaded(dist, entry), (name) => readFileSync(join(dist, name)))), { level: 9 });
    console.log(`${entry}: ${length} bytes gzip -9, of at most ${most}; the goal is ${goal}`);
    if (length > most) {
      console.error(`${entry} is too large`);
      process.exitCode = 1;
    }
  }
}

/** The scripts that a page waits for: not what `import()` brings later. */
function loaded(dist, name, found = new Set()) {
  found.add(name);
  for (const [, from] of readFileSync(join(dist, name), "utf8").matchAll(/\b(?:import|from)"\.\/([^"]+\.js)"/g)) {
    if (!found.has(from)) loaded(dist, from, found);
  }
  return found;
}
