// For workerd, where nothing is compiled: guests come as modules.

import * as pintle from "pintle";

import { run } from "../cases.js";
import { guests } from "./guests.js";
import loop from "./loop.wasm";
import plugin from "./plugin.wasm";
import relay from "./relay.wasm";

export default {
  async fetch(request) {
    const reports = {
      "/": () => run(pintle),
      "/plugin": () => run(pintle, () => pintle.Plugin.load(plugin)),
      "/guests": () => guests(pintle, { loop, relay }),
    };
    return Response.json(await reports[new URL(request.url).pathname]());
  },
};
