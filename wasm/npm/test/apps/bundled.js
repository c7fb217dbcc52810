// For a bundler, whose output runs in Node.js.

import * as pintle from "pintle";

import { run } from "../cases.js";

console.log(JSON.stringify(await run(pintle)));
