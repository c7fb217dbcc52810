// For workerd.

import * as pintle from "pintle";

import { run } from "../cases.js";

export default { fetch: async () => Response.json(await run(pintle)) };
