// The comparisons in workerd, where time stands still while nothing is waited for: who asks takes it.

import * as pintle from "pintle";
import { byShape } from "pintle/shapes";
import { JSONRPCServer } from "json-rpc-2.0";

import text from "../../../examples/checkout/checkout.pulse";
import * as generated from "../../../toolchain/tests/generated/checkout/typescript/checkout.gen.ts";
import { sides } from "./sides.js";
// What ajv makes of the schemas: nothing may be compiled here.
import * as checks from "checks";

const all = sides({ ...pintle, byShape }, { text, ...generated }, checks, { JSONRPCServer });

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const run = all[searchParams.get("title")][searchParams.get("side")];
    for (let left = Number(searchParams.get("calls")); left > 0; left -= 1) await run();
    return new Response();
  },
};
