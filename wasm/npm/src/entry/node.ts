// Node.js, Deno and Bun: the module lies beside this file.

import { initSync } from "../core.js";

initSync(process.getBuiltinModule("node:fs").readFileSync(new URL("./core.wasm", import.meta.url)));

export * from "../index.js";
