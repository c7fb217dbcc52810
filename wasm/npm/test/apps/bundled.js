// For a bundler, whose output runs in Node.js.

import * as pintle from "pintle";

import { run } from "../cases.js";
import { guests } from "./guests.js";

const report = await run(pintle);
console.log(JSON.stringify({ report, ...(await guests(pintle, JSON.parse(process.argv[2]))) }));
