// The tests of the package that need nothing but the language and the platform's own classes, in workerd.

import "../client.test.js";
import "../http.test.js";
import "../ints.test.js";
import "../server.test.js";
import "../session.test.js";

import { run } from "./node-test.js";

export default { fetch: async () => Response.json(await run()) };
