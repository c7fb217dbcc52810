// As `node.ts`, for who only calls.

import { initSync } from "../core.js";

initSync(process.getBuiltinModule("node:fs").readFileSync(new URL("./core.wasm", import.meta.url)));

export * from "../calls.js";
