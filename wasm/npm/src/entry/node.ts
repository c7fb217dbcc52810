// Node.js, Deno and Bun: the module lies beside this file.

import { readFileSync } from "node:fs";

import { initSync } from "../core.js";

initSync(readFileSync(new URL("../core.wasm", import.meta.url)));

export * from "../index.js";
