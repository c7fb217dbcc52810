// `node json.js CONTRACT`: the module without the contract language, and a contract as JSON, over several lines.

import { readFile } from "node:fs/promises";

import { connect, Contract, init, Server } from "pintle/slim";

await init(await readFile(new URL(import.meta.resolve("pintle/slim.wasm"))));
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
console.log(JSON.stringify({ reply, asked, idl: contract, refused }));
