// Workers: as `workerd.ts`, with the module that has the dialects.

import module from "./dialects.wasm";

import { initSync } from "../core.js";

initSync(module);

export * from "../dialects.js";
export * from "../index.js";
