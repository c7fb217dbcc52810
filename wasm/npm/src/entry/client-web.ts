// As `web.ts`, for who only calls: what serves is loaded with the first connection, over which the other side may call too.

import { init } from "../core.js";

await init(new URL("./core.wasm", import.meta.url));

export * from "../calls.js";
