// Browsers and bundlers: the module is an asset, compiled while it arrives.

import { init } from "../core.js";

await init(new URL("./core.wasm", import.meta.url));

export * from "../index.js";
