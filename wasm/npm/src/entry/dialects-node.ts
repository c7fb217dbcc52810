// Node.js, Deno and Bun: as `node.ts`, with the module that has the dialects.

import { initSync } from "../core.js";
import { read } from "../file.js";

initSync(read(new URL("./dialects.wasm", import.meta.url)));

export * from "../dialects.js";
export * from "../index.js";
