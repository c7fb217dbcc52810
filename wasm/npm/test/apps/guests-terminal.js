// `guests-terminal.js MODULES`, which are JSON of texts in base64.

import * as pintle from "pintle";

import { guests } from "./guests.js";

console.log(JSON.stringify(await guests(pintle, JSON.parse(globalThis.process.argv[2]))));
// Deno and Bun do not end the thread of a Worker that loops.
globalThis.process.exit();
