// For workerd, where nothing is compiled: guests come as modules.

import * as pintle from "pintle";

import { run } from "../cases.js";
import { guests } from "./guests.js";
import loop from "./loop.wasm";
import relay from "./relay.wasm";

export default {
  async fetch(request) {
    const report = new URL(request.url).pathname === "/guests" ? guests(pintle, { loop, relay }) : run(pintle);
    return Response.json(await report);
  },
};
