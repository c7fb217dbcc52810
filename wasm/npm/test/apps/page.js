// For a page.

import * as pintle from "pintle";

import { run } from "../cases.js";
import { guests } from "./guests.js";

document.title = "running";
globalThis.report = await run(pintle);
globalThis.guests = (modules) => guests(pintle, modules);
document.title = "done";
