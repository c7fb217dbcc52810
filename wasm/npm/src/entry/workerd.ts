// Workers: the module is compiled before this runs, because nothing may be compiled here.

import module from "./core.wasm";

import { initSync } from "../core.js";

initSync(module);

export * from "../index.js";
