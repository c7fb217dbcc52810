// The comparisons in a runtime that has a terminal.

import * as pintle from "pintle";
import { byShape } from "pintle/shapes";
import { JSONRPCServer } from "json-rpc-2.0";

import text from "../../../examples/checkout/checkout.pulse";
import * as generated from "../../../toolchain/tests/generated/checkout/typescript/checkout.gen.ts";
import { compare } from "./compare.js";
import { sides } from "./sides.js";
import * as checks from "checks";

const all = sides({ ...pintle, byShape }, { text, ...generated }, checks, { JSONRPCServer });
const where = typeof Deno === "undefined" ? `Bun ${Bun.version}` : `Deno ${Deno.version.deno}`;

await compare(where, all, async (title, side, calls) => {
  const run = all[title][side];
  for (let left = calls; left > 0; left -= 1) await run();
});
