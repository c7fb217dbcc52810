// Node.js, Deno and Bun: as `node.ts`, with the module that has the dialects.

import { initSync } from "../core.js";

initSync(process.getBuiltinModule("node:fs").readFileSync(new URL("./dialects.wasm", import.meta.url)));

export * from "../dialects.js";
export * from "../index.js";
