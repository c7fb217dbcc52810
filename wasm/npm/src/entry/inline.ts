// Anywhere that compiles at run time: the module's bytes are in the JavaScript.

import { bytes } from "./inline-bytes.js";

import { initSync } from "../core.js";

initSync(Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0)));

export * from "../index.js";
