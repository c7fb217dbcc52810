// As `workerd.ts`, for who only calls.

import module from "./core.wasm";

import { initSync } from "../core.js";

initSync(module);

export * from "../calls.js";
