// For a page.

import * as pintle from "pintle";

import { run } from "../cases.js";

document.title = "running";
globalThis.report = await run(pintle);
document.title = "done";
