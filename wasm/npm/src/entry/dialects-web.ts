// Browsers and bundlers: as `web.ts`, with the module that has the dialects.

import { init } from "../core.js";

await init(new URL("./dialects.wasm", import.meta.url));

export * from "../dialects.js";
export * from "../index.js";
