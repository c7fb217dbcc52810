// `node cases.js BINDING-DIRECTORY`: runs bodies through the module and the loop of this package.
//
// Standard input is JSON, one value a line: `{"contract": text, "options": {…}}` serves another contract from here on;
// `{"body": base64}` is answered with one line, the reply in base64, or `-` if there is none. Handlers behave as the
// name of the method says; see `behave`.

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

import { drive } from "../src/drive.js";

const directory = resolve(process.argv[2] ?? "");
const binding = await import(pathToFileURL(join(directory, "pintle_wasm.js")));
binding.initSync({ module: await readFile(join(directory, "pintle_wasm_bg.wasm")) });

let contract;
let notes = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.contract !== undefined) {
    contract?.free();
    const bare = binding.Contract.parse("contract.pulse", order.contract, "");
    contract = bare.configure(JSON.stringify(order.options ?? {}));
    bare.free();
    notes = 0;
  } else {
    const exchange = contract.open(Buffer.from(order.body, "base64"));
    try {
      // Every other call is answered later, and in another order than it came.
      let turn = 0;
      const handler = (call) => (turn++ % 2 === 0 ? behave(call) : Promise.resolve().then(() => behave(call)));
      const reply = await drive(exchange, handler, () => {});
      console.log(reply === undefined ? "-" : Buffer.from(reply).toString("base64"));
    } finally {
      exchange.free();
    }
  }
}

/** Answers JSON text, or throws. Values are taken from the text where a number of JavaScript could change them. */
function behave({ method, params: text }) {
  const name = method.slice(method.lastIndexOf(".") + 1);
  const params = JSON.parse(text);
  if (name.startsWith("echo")) return text.slice(1, -1);
  if (name.startsWith("raw")) return params[0];
  if (name.startsWith("crash")) throw new Error("secret: internal text");
  if (name.startsWith("fail")) {
    const [code, message, data] = params;
    throw { code, message, data: data ?? undefined };
  }
  if (name === "noted") return String(notes);
  if (name.startsWith("note") || name.startsWith("notify") || name === "update") {
    notes += 1;
    return "null";
  }
  const sum = () => params.flat().reduce((total, value) => total + value, 0);
  if (name === "subtract") return String(params[0] - params[1]);
  if (name === "add" || name === "sum") return String(sum());
  if (name === "get_data") return '["hello","5"]';
  return "null";
}
