// Runs the shared cases in whatever runtime this is.

import { suites } from "./suites.gen.js";

/** What failed, a line each, and how many were run. `handler` makes what serves the contract of each file. */
export async function run({ Contract, Raw, Server }, handler = () => new Raw(behaviour())) {
  const failures = [];
  let count = 0;
  for (const suite of suites) {
    const contract = Contract.parse(suite.contract);
    const behave = await handler();
    const handlers = {};
    for (const { name } of contract.toJSON().interfaces) handlers[name] = behave;
    const server = new Server(contract, handlers, { ...suite.options, ints: "int64", onError: () => {} });
    for (const { name, request, reply } of suite.cases) {
      count += 1;
      const answer = await server.handle(Uint8Array.from(atob(request), (byte) => byte.charCodeAt(0)));
      const got = answer === undefined ? null : new TextDecoder().decode(answer);
      if (got !== reply) failures.push(`${suite.file}: ${name}\n  expected ${reply}\n  got      ${got}`);
    }
    server.free();
    contract.free();
  }
  return { count, failures };
}

/** Handlers that behave as the name of the method says. Every other call is answered later, and in another order than it came. */
function behaviour() {
  let [notes, turn] = [0, 0];
  return (method, params) => (turn++ % 2 === 0 ? behave(method, params) : Promise.resolve().then(() => behave(method, params)));

  function behave(method, text) {
    const name = method.slice(method.lastIndexOf(".") + 1);
    const params = JSON.parse(text);
    if (name.startsWith("echo")) return text.slice(1, -1);
    if (name.startsWith("raw")) return params[0];
    if (name.startsWith("crash")) throw new Error("secret: internal text");
    if (name.startsWith("fail")) {
      const [code, message, data] = params;
      const more = typeof data === "string" ? `,"data":${data}` : "";
      return new TextEncoder().encode(`{"error":{"code":${code},"message":${JSON.stringify(message)}${more}}}`);
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
}
