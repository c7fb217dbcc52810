// `node json.js CONTRACT`: the module without the contract language, from a server that does not say what it is, and a contract as JSON
// over several lines.

import { readFile } from "node:fs/promises";

import { connect, Contract, init, Server } from "pintle/slim";

const missing = await init(new Response("<p>Not here</p>", { status: 404 })).catch(({ message }) => message);
await init(new Response(await readFile(new URL(import.meta.resolve("pintle/slim.wasm"))), { headers: { "content-type": "text/plain" } }));
// What is loaded stays.
await init(new Response("no module"));
const contract = Contract.fromJSON(process.argv[2]);
const server = new Server(contract, { I: { echo: (x) => x } });
const ask = async (call) => new TextDecoder().decode(await server.handle(`{"jsonrpc":"2.0",${call},"id":1}`));
const reply = JSON.parse(await ask('"method":"I.echo","params":[5]'));
const asked = await ask('"method":"pulserpc-idl"');
const refused = [];
for (const beyond of [
  () => Contract.parse("namespace a"),
  () => contract.checksum,
  () => contract.fingerprint,
  () => connect(contract, server).$verify(),
  () => Contract.fromJSON('{"structs":[{"name":"S","extends":"S"}]}'),
]) {
  try {
    await beyond();
  } catch (error) {
    refused.push(error.message);
  }
}
console.log(JSON.stringify({ missing, reply, asked, idl: contract, refused }));
