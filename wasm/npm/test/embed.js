// `node embed.js MODULE`: what the page of the embed ABI promises, held by the module itself.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

const module = await WebAssembly.compile(await readFile(process.argv[2]));

const TEXT = "namespace a\ninterface S { f(x int) int\n g() }\nstruct T { x int }";

function load() {
  const { memory, ...abi } = new WebAssembly.Instance(module).exports;
  const write = (text) => {
    const bytes = Buffer.from(text);
    const at = abi.pintle_alloc(bytes.length);
    new Uint8Array(memory.buffer, at >>> 0, bytes.length).set(bytes);
    return [at, bytes.length];
  };
  const read = (pair) => {
    const at = Number((pair >> 32n) & 0xffffffffn);
    return Buffer.from(memory.buffer, at, Number(pair & 0xffffffffn)).toString();
  };
  return { abi, memory, write, read };
}

test("it imports nothing, and exports the ABI and its memory", () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const exported = WebAssembly.Module.exports(module);
  const functions = exported.filter(({ kind }) => kind === "function").map(({ name }) => name);
  assert.deepEqual(functions.filter((name) => !name.startsWith("pintle_")), []);
  assert.ok(functions.includes("pintle_embed_1"));
  assert.ok(exported.some(({ name, kind }) => name === "memory" && kind === "memory"));
});

test("a body goes through, with texts in memory", () => {
  const { abi, write, read } = load();
  const contract = abi.pintle_contract(...write(TEXT), 0);
  assert.notEqual(contract, 0, read(abi.pintle_last_error()));
  const body = '[{"jsonrpc":"2.0","method":"S.f","params":{"x":2},"id":"é"},{"jsonrpc":"2.0","method":"S.g"}]';
  const exchange = abi.pintle_open(contract, ...write(body));
  assert.equal(abi.pintle_poll(exchange), 1);
  const ticket = abi.pintle_ticket(exchange);
  assert.equal(read(abi.pintle_method(exchange)), "S.f");
  assert.equal(read(abi.pintle_params(exchange)), "[2]");
  assert.equal(read(abi.pintle_request_id(exchange)), '"é"');
  assert.equal(abi.pintle_poll(exchange), 1);
  assert.equal(abi.pintle_notification(exchange), 1);
  assert.equal(abi.pintle_request_id(exchange), 0n);
  const second = abi.pintle_ticket(exchange);
  assert.equal(abi.pintle_poll(exchange), 2);
  assert.equal(abi.pintle_fail(exchange, second, 1, -32001, ...write("Deadline exceeded"), 0, 0), 0);
  assert.equal(abi.pintle_complete(exchange, ticket, 0, ...write("4")), 0);
  assert.equal(abi.pintle_complete(exchange, ticket, 0, ...write("4")), 2);
  assert.equal(abi.pintle_poll(exchange), 3);
  assert.equal(read(abi.pintle_reply(exchange)), '[{"jsonrpc":"2.0","result":4,"id":"é"}]');
  assert.equal(abi.pintle_poll(exchange), 0);
  assert.equal(abi.pintle_close(exchange), 1);
  assert.equal(abi.pintle_poll(exchange), -1);
  assert.equal(read(abi.pintle_last_error()), "no exchange has this number");
});

test("a contract that is wrong is refused with its diagnostics", () => {
  const { abi, write, read } = load();
  assert.equal(abi.pintle_contract(...write("namespace a\ninterface S { f(x Nope) }"), 0), 0);
  assert.match(read(abi.pintle_last_error()), /contract\.pulse[\s\S]*Nope/);
});

test("no numbers make it trap, and it works afterwards", () => {
  const { abi, write, read, memory } = load();
  const contract = abi.pintle_contract(...write(TEXT), 0);
  // A fixed sequence of numbers, many of them ones that mean something.
  let state = 1;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) | 0) >>> 8;
  const special = [0, 1, -1, 2, 3, 8, contract, 65536, 0x7fffffff, -0x80000000, memory.buffer.byteLength];
  const number = () => (next() % 4 === 0 ? next() : special[next() % special.length]);
  // Not these: one would fill the memory, the other leaves nothing to work with afterwards.
  const functions = Object.entries(abi).filter(
    ([name]) => name.startsWith("pintle_") && !["pintle_alloc", "pintle_release"].includes(name),
  );
  for (let round = 0; round < 50_000; round += 1) {
    const [name, call] = functions[next() % functions.length];
    const given = Array.from({ length: call.length }, number);
    if (next() % 3 === 0 && call.length > 2) given.splice(1, 2, ...write(["1", "{}", TEXT, "\xff", ""][next() % 5]));
    assert.doesNotThrow(() => call(...given), `${name}(${given})`);
  }
  assert.equal(abi.pintle_alloc(-1), 0);
  assert.equal(abi.pintle_alloc(0x7fffffff), 0);
  assert.equal(abi.pintle_validate(contract, ...write("T"), ...write('{"x":"y"}')), 0);
  assert.equal(read(abi.pintle_problems()), '[{"path":".x","expected":"int","got":"string"}]');
});

test("what is closed leaves no memory behind", () => {
  const { abi, write, memory } = load();
  const contract = abi.pintle_contract(...write(TEXT), 0);
  const body = `{"jsonrpc":"2.0","method":"S.f","params":[1],"id":"${"x".repeat(200)}"}`;
  const run = () => {
    const exchange = abi.pintle_open(contract, ...write(body));
    abi.pintle_poll(exchange);
    abi.pintle_complete(exchange, abi.pintle_ticket(exchange), 0, ...write("1"));
    abi.pintle_poll(exchange);
    abi.pintle_close(exchange);
  };
  for (let round = 0; round < 100; round += 1) run();
  const before = memory.buffer.byteLength;
  for (let round = 0; round < 20_000; round += 1) run();
  assert.equal(memory.buffer.byteLength, before);
});
