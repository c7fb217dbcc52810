// `node json.js CONTRACT`: the module without the contract language, and a contract as JSON.

import { readFile } from "node:fs/promises";

import { Contract, init, Server } from "pintle/slim";

await init(await readFile(new URL(import.meta.resolve("pintle/slim.wasm"))));
const server = new Server(Contract.fromJSON(process.argv[2]), { I: { echo: (x) => x } });
const reply = JSON.parse(new TextDecoder().decode(await server.handle('{"jsonrpc":"2.0","method":"I.echo","params":[5],"id":1}')));
let refused;
try {
  Contract.parse("namespace a");
} catch (error) {
  refused = error.message;
}
console.log(JSON.stringify({ reply, refused }));
