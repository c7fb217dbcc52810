// Node.js, Deno and Bun: the module lies beside this file.

import { initSync } from "../core.js";
import { read } from "../file.js";

initSync(read(new URL("./core.wasm", import.meta.url)));

export * from "../index.js";
