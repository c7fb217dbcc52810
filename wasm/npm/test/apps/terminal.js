// For runtimes with a standard output. The entry is the first argument: `pintle`, `pintle/inline` or `pintle/slim`.

import { run } from "../cases.js";

const name = globalThis.process.argv[2] ?? "pintle";
const pintle = name === "pintle" ? await import("pintle") : await import("pintle/" + name);
if (name === "slim") {
  const { readFile } = await import("node:fs/promises");
  await pintle.init(await readFile(new URL(import.meta.resolve("pintle/core.wasm"))));
}
console.log(JSON.stringify(await run(pintle)));
