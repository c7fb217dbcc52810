// What guests reach: handlers and other guests, connections, a store; and what they are held to.

import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { connect, Contract, Plugin, Server } from "pintle";
import { MemoryStore } from "pintle/store";

import { guest, imports, LOOP, OK, relay, texts } from "./guest.js";
import { contract, request, text } from "./shop.js";

const both = Contract.parse(`
  namespace both
  interface A { f(x int) int }
  interface B { g(x int) int }
`);

/** What the guests of this test were answered, the last first. */
const heard = [];

/** Loads a guest that calls `method`. */
function calls(method, { params, ...options } = {}) {
  const onLog = (_, line) => heard.unshift(JSON.parse(line));
  return Plugin.load(relay(method, params), { grants: { call: ["A", "B"] }, onLog, ...options });
}

/** Result or error of `A.f`, what the guest was answered, and what the log was told. */
async function ask(handlers, { params = [1], ...options } = {}) {
  const log = [];
  heard.length = 0;
  const server = new Server(both, handlers, { onError: (error) => log.push(error), ...options });
  const { result, error } = JSON.parse(text(await server.handle(request("A.f", params))));
  server.free();
  return { result, error, inner: heard.at(0)?.error, log };
}

test("a guest calls other handlers, held against the contract both ways", async () => {
  const A = await calls("B.g");
  assert.equal((await ask({ A, B: { g: (x) => x + 1 } })).result, 2);
  const wrong = await ask({ A, B: { g: () => "secret" } });
  assert.equal(wrong.inner.code, -32603);
  assert.match(String(wrong.log[0]), /breaks the contract/);
  assert.equal((await ask({ A, B: { g: () => Promise.reject(new Error("secret")) } })).inner.code, -32603);
  // Wherever they are mounted, and without being asked about again.
  let asked = 0;
  const mounts = [{ at: "a", interface: "A" }];
  const server = new Server(both, { A, B: { g: (x) => x } }, { mounts, before: [() => void (asked += 1)] });
  assert.equal(JSON.parse(text(await server.handle(request("a.f", [5])))).result, 5);
  assert.equal(asked, 1);
});

test("a name that a guest was not granted does not exist", async () => {
  const B = { g: (x) => x };
  for (const grants of [undefined, {}, { call: ["A"] }, { send: true }]) {
    assert.equal((await ask({ A: await calls("B.g", { grants }), B })).inner.code, -32601, JSON.stringify(grants));
  }
  for (const name of ["B.h", "g", "C.f", "B", "pulserpc-idl", ""]) {
    const A = await calls(name, { grants: { call: ["B", "C", ""] } });
    assert.equal((await ask({ A, B })).inner.code, -32601, name);
  }
});

test("handlers that answer later are reached from a Worker, and where the runtime can wait", async (t) => {
  const later = async (x) => (await new Promise(setImmediate), x + 1);
  const here = await ask({ A: await calls("B.g"), B: { g: later } });
  if ("Suspending" in WebAssembly) assert.equal(here.result, 2);
  else {
    assert.equal(here.inner.code, -32603);
    assert.match(here.inner.data.detail, /B\.g answers later.*Suspending/);
  }
  const apart = await calls("B.g", { worker: true });
  t.after(() => apart.free());
  assert.equal((await ask({ A: apart, B: { g: later } })).result, 2);
  const long = { params: [1], deadline: 20 };
  assert.equal((await ask({ A: apart, B: { g: () => new Promise(() => {}) } }, long)).error.code, -32001);
  assert.equal((await ask({ A: apart, B: { g: later } })).result, 2);
});

test("a guest that calls itself, or in a circle, is told that it is busy", async (t) => {
  for (const worker of [false, true]) {
    const self = await calls("A.f", { worker });
    const there = await calls("A.f", { worker });
    const back = await calls("B.g", { worker });
    t.after(() => [self, there, back].forEach((plugin) => plugin.free()));
    assert.equal((await ask({ A: self, B: { g: (x) => x } })).inner.code, -32003);
    await ask({ A: back, B: there });
    // The inner one was told first.
    assert.equal(heard.at(-1).error.code, -32003);
  }
});

test("text of a guest that is no text, or no parameters, harms nobody", async () => {
  const B = { g: (x) => x };
  const cases = { '[1],"method":"A.f"': -32600, "{": -32600, "": -32600, 5: -32600, "[]": -32602, '["x"]': -32602 };
  for (const [params, code] of Object.entries(cases)) {
    assert.equal((await ask({ A: await calls("B.g", { params }), B })).inner.code, code, params);
  }
  assert.equal((await ask({ A: await calls("B.\\ff", { params: "[1]" }), B })).error.code, -32000);
});

test("it keeps what it was granted a store for", async () => {
  const { head, operands } = texts("a", "1", "b", "42", "7", "x!");
  const [a, one, b, sum, seven, other] = operands;
  const nothing = "(i32.const 0) (i32.const 0)";
  const must = (status, call) => `(if (i32.ne ${call} (i32.const ${status})) (then (unreachable)))`;
  const body = [
    must(0, `(call $kv_set ${a} ${one})`),
    `(if (i64.ne (i64.const -1) (call $kv_get ${b})) (then (unreachable)))`,
    `(if (i64.ne (i64.const 1) (i64.and (call $kv_get ${a}) (i64.const 0xffffffff))) (then (unreachable)))`,
    must(0, `(call $kv_add ${a} (i64.const 41) (i32.const 3000))`),
    "(if (i64.ne (i64.const 42) (i64.load (i32.const 3000))) (then (unreachable)))",
    must(-3, `(call $kv_add ${a} (i64.const 0x7fffffffffffffff) (i32.const 3000))`),
    must(0, `(call $kv_add ${b} (i64.const -2) (i32.const 3000))`),
    must(0, `(call $kv_delete ${b})`),
    must(0, `(call $kv_cas ${a} ${sum} ${seven})`),
    must(1, `(call $kv_cas ${a} ${sum} ${seven})`),
    must(0, `(call $kv_cas ${b} (i32.const 0) (i32.const -1) ${other})`),
    must(1, `(call $kv_cas ${b} (i32.const 0) (i32.const -1) ${other})`),
    must(-3, `(call $kv_add ${b} (i64.const 1) (i32.const 3000))`),
    must(-3, `(call $kv_set ${nothing} ${one})`),
    must(-3, `(call $kv_set (i32.const 0) (i32.const 1025) ${one})`),
    must(0, `(call $kv_delete (i32.const 0) (i32.const 1024))`),
    // ["YQ==","Yg=="]
    `(if (i64.ne (i64.const 15) (i64.and (call $kv_list ${nothing} ${nothing}) (i64.const 0xffffffff))) (then (unreachable)))`,
    `(if (i64.ne (i64.const 8) (i64.and (call $kv_list ${nothing} ${a}) (i64.const 0xffffffff))) (then (unreachable)))`,
    OK,
  ].join("\n");
  const names = ["kv_get", "kv_set", "kv_delete", "kv_add", "kv_cas", "kv_list"];
  const bytes = guest(body, { head: `${imports(...names)} ${head}` });
  for (const worker of [false, true]) {
    const kv = new MemoryStore();
    const plugin = await Plugin.load(bytes, { grants: { kv }, worker });
    const server = new Server(contract, { Shop: plugin }, { onError: assert.ifError });
    const reply = JSON.parse(text(await server.handle(request("Shop.any", ["x"]))));
    assert.equal(reply.result, "ok", JSON.stringify(reply));
    const bytesOf = (value) => new TextEncoder().encode(value);
    assert.equal(text(kv.get(bytesOf("a"))), "7");
    assert.equal(text(kv.get(bytesOf("b"))), "x!");
    assert.deepEqual(kv.usage(), { keys: 2, bytes: 5 });
    plugin.free();
  }
});

test("a counter's place is looked at before it is changed", async () => {
  const { head, operands } = texts("n");
  const kv = new MemoryStore();
  const body = `(drop (call $kv_add ${operands[0]} (i64.const 1) (i32.const 0x1fffc))) ${OK}`;
  const plugin = await Plugin.load(guest(body, { head: `${imports("kv_add")} ${head}` }), { grants: { kv } });
  const server = new Server(contract, { Shop: plugin }, { onError: () => {} });
  assert.equal(JSON.parse(text(await server.handle(request("Shop.any", ["x"])))).error.code, -32000);
  assert.equal(kv.usage().keys, 0);
});

test("a store keeps its keys in the order of their bytes", () => {
  const store = new MemoryStore();
  const plain = new Map();
  const key = (seed) => Uint8Array.from({ length: 1 + (seed % 3) }, (_, at) => [0, 1, 0xfe, 0xff][(seed >> (2 * at)) & 3]);
  const hex = (bytes) => Buffer.from(bytes).toString("hex");
  let seed = 1;
  for (let turn = 0; turn < 2_000; turn += 1) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1;
    const name = key(seed >> 3);
    if (seed % 3 === 0) {
      store.delete(name);
      plain.delete(hex(name));
    } else {
      store.set(name, Uint8Array.of(turn));
      plain.set(hex(name), turn & 0xff);
    }
    const [prefix, after] = [key(seed >> 5).subarray(0, seed & 1), key(seed >> 7).subarray(0, (seed >> 4) & 3)];
    const keys = [...plain.keys()].sort().filter((item) => item.startsWith(hex(prefix)) && item > hex(after));
    assert.deepEqual(store.list(prefix, after, 5).map(hex), keys.slice(0, 5));
    assert.equal(store.get(name)?.[0], plain.get(hex(name)));
  }
  const bytes = [...plain.keys()].reduce((sum, item) => sum + item.length / 2 + 1, 0);
  assert.deepEqual(store.usage(), { keys: plain.size, bytes });
});

test("it notifies connections, and asks the peer that calls", async (t) => {
  const peers = Contract.parse(await readFile(join(import.meta.dirname, "contracts/peers.pulse"), "utf8"));
  const bytes = await readFile(join(process.env.PINTLE_GUEST, "../pintle_test_peers.wasm"));
  const plugin = await Plugin.load(bytes, { grants: { send: true }, worker: true });
  const silent = await Plugin.load(bytes);
  t.after(() => plugin.free());
  const serve = (handler, told) => {
    const server = new Server(peers, { Server: handler }, { onError: () => {} });
    const { port1, port2 } = new MessageChannel();
    server.attach(port1);
    const callbacks = { Peer: { echo: (what) => `${what}!`, told: (what) => void told.push(what) } };
    const api = connect(peers, port2, { callbacks });
    t.after(() => api.$close());
    return api;
  };
  const told = [];
  const api = serve(plugin, told);
  assert.equal(await api.Server.echo("x"), "x");
  assert.equal(await api.Server.ask("x"), "x!");
  await api.Server.tell("now");
  assert.deepEqual(told, ["now"], "it left before the reply");
  // Nobody granted it to this one; in this process nobody is there.
  await assert.rejects(serve(silent, []).Server.tell("x"));
  await assert.rejects(serve(silent, []).Server.ask("x"));
  const local = connect(peers, new Server(peers, { Server: plugin }, { onError: () => {} }));
  await assert.rejects(local.Server.tell("x"));
  await assert.rejects(local.Server.ask("x"));
});

test("a guest sends to everybody, to one, and not without end", async (t) => {
  const { head, operands } = texts("*", "Feed.note", '["hi"]', "nobody", "Feed.nope", "[1]");
  const [all, note, hi, nobody, nope, wrong] = operands;
  const must = (status, call) => `(if (i32.ne ${call} (i32.const ${status})) (then (unreachable)))`;
  const body = [
    must(0, `(call $send ${all} ${note} ${hi})`),
    must(-1, `(call $send ${nobody} ${note} ${hi})`),
    must(-3, `(call $send ${all} ${nope} ${hi})`),
    must(-3, `(call $send ${all} ${note} ${wrong})`),
    must(-4, `(call $send ${all} ${note} ${hi.replace(/const \d+\)$/, "const 30000)").replace("(i32.const 30000)", "(i32.const 1048577)")})`),
    OK,
  ].join("\n");
  const plugin = await Plugin.load(guest(body, { head: `${imports("send")} ${head}`, memory: "20" }), { grants: { send: true } });
  const server = new Server(contract, { Shop: plugin }, { onError: assert.ifError });
  const heard = [];
  const apis = [1, 2].map((name) => {
    const { port1, port2 } = new MessageChannel();
    server.attach(port1);
    const api = connect(contract, port2, { callbacks: { Feed: { tell: (what) => what, note: (what) => void heard.push([name, what]) } } });
    t.after(() => api.$close());
    return api;
  });
  assert.equal(await apis[0].Shop.any("x"), "ok");
  assert.equal(await apis[1].Shop.any("x"), "ok");
  assert.deepEqual(heard.slice(0, 2).sort(), [[1, "hi"], [2, "hi"]]);
});

test("what traps in a batch is replaced once", async () => {
  const first = `(if (i32.eq (global.get $calls) (i32.const 2)) (then (unreachable))) ${OK}`;
  const plugin = await Plugin.load(guest(first));
  const server = new Server(contract, { Shop: plugin }, { onError: () => {} });
  const bodies = Array.from({ length: 9 }, (_, id) => request("Shop.any", ["x"], id));
  const replies = JSON.parse(text(await server.handle(`[${bodies}]`)));
  assert.deepEqual(replies.map(({ result }) => result), ["ok", undefined, "ok", undefined, "ok", undefined, "ok", undefined, "ok"]);
  assert.deepEqual(plugin.counts, { calls: 9, failed: 4, replaced: 4 });
  plugin.kill();
  assert.equal(JSON.parse(text(await server.handle(bodies[0]))).result, "ok");
  plugin.free();
  assert.equal(JSON.parse(text(await server.handle(bodies[0]))).error.code, -32000);
});

test("a memory cannot grow beyond what it may have", async () => {
  const pages = (grow) => `(if (i32.eq (memory.grow (i32.const ${grow})) (i32.const -1)) (then (return ${OK}))) (unreachable)`;
  const limit = { memory: 10 << 16 };
  const any = async (bytes, options) => {
    const server = new Server(contract, { Shop: await Plugin.load(bytes, options) }, { onError: () => {} });
    const reply = JSON.parse(text(await server.handle(request("Shop.any", ["x"]))));
    return reply.result ?? reply.error.code;
  };
  assert.equal(await any(guest(pages(9)), limit), "ok");
  assert.equal(await any(guest(pages(8)), limit), -32000);
  // Its own limit, if that is less.
  assert.equal(await any(guest(pages(2), { memory: "2 3" }), limit), "ok");
  assert.equal(await any(guest(pages(1024)), {}), "ok");
  await assert.rejects(Plugin.load(guest(OK, { memory: "11" }), limit), /more memory/);
  const table = "(table $t 1 funcref)";
  const elements = (count) => `(if (i32.eq (table.grow $t (ref.null func) (i32.const ${count})) (i32.const -1)) (then (return ${OK}))) (unreachable)`;
  assert.equal(await any(guest(elements(100_000), { head: table })), "ok");
  assert.equal(await any(guest(elements(1_000), { head: table })), -32000);
});

test("what a module's bytes say wrongly is refused, wherever they end", async () => {
  const whole = guest(OK);
  for (let length = 0; length < whole.length; length += 1) {
    const part = whole.subarray(0, length);
    // One that ends between its sections is a module, too.
    if (!WebAssembly.validate(part)) await assert.rejects(Plugin.load(part), String(length));
  }
  const sized = (body) => Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 5, body.length, ...body]);
  await assert.rejects(Plugin.load(sized([1, 4, 1])), /64-bit/);
  await assert.rejects(Plugin.load(sized([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])), WebAssembly.CompileError);
  await assert.rejects(Plugin.load(sized([0xff, 0xff, 0xff, 0xff, 0x0f])), WebAssembly.CompileError);
});

test("a log that throws costs the guest nothing, and lines have an end", async (t) => {
  const shown = t.mock.method(console, "error", () => {});
  const hundreds = `(loop $again
    (call $log (i32.const 2) (i32.const 1024) (i32.const 3))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (br_if $again (i32.lt_u (global.get $calls) (i32.const 1000)))) ${OK}`;
  let lines = 0;
  const onLog = () => {
    lines += 1;
    throw new Error("the disk is full");
  };
  const plugin = await Plugin.load(guest(hundreds, { head: imports("log") }), { onLog });
  const server = new Server(contract, { Shop: plugin });
  assert.equal(JSON.parse(text(await server.handle(request("Shop.any", ["x"])))).result, "ok");
  assert.deepEqual([lines, shown.mock.callCount()], [100, 100]);
});

test("a Worker whose guest loops is ended, and nobody else waits for it", async (t) => {
  const loops = `(if (i32.eq (global.get $calls) (i32.const 2)) (then ${LOOP})) ${OK}`;
  const plugin = await Plugin.load(guest(loops), { worker: true, runTime: 50 });
  t.after(() => plugin.free());
  const server = new Server(contract, { Shop: plugin, Odd: { constructor: (x) => x, then: (x) => x, toString: () => "odd" } }, { onError: () => {} });
  const any = async (ctx) => {
    const { result, error } = JSON.parse(text(await server.handle(request("Shop.any", ["x"]), ctx)));
    return result ?? error.code;
  };
  assert.equal(await any(), "ok");
  const looping = any();
  assert.equal(JSON.parse(text(await server.handle(request("Odd.then", [1])))).result, 1);
  assert.equal(await looping, -32001);
  assert.equal(await any(), "ok", "a fresh one");
  // One that nobody waits for is ended too.
  const controller = new AbortController();
  const cancelled = any({ signal: controller.signal });
  setImmediate(() => controller.abort());
  assert.equal(await cancelled, -32002);
  assert.equal(await any(), "ok");
  assert.deepEqual([plugin.counts.failed, plugin.counts.replaced], [2, 2]);
});

test("a Worker's script may be elsewhere", async (t) => {
  const directory = await mkdtemp(join(import.meta.dirname, "../scratch-"));
  t.after(() => rm(directory, { recursive: true }));
  const elsewhere = join(directory, "moved.mjs");
  await copyFile(fileURLToPath(import.meta.resolve("pintle/guest-worker")), elsewhere);
  const plugin = await Plugin.load(guest(OK), { worker: pathToFileURL(elsewhere) });
  t.after(() => plugin.free());
  const server = new Server(contract, { Shop: plugin });
  assert.equal(JSON.parse(text(await server.handle(request("Shop.any", ["x"])))).result, "ok");
  const nowhere = pathToFileURL(join(directory, "nowhere.mjs"));
  await assert.rejects(Plugin.load(guest(OK), { worker: nowhere }), /nowhere\.mjs/);
});

test("a Worker says why a guest does not start, and what it trapped with", async (t) => {
  const load = (body, options) => Plugin.load(guest(body, options), { worker: true });
  await assert.rejects(load(OK, { marker: "" }), /pintle_abi_1/);
  await assert.rejects(load(OK, { head: '(import "env" "now" (func))' }), TypeError);
  const plugin = await load("(unreachable)");
  t.after(() => plugin.free());
  const log = [];
  const server = new Server(contract, { Shop: plugin }, { onError: (error) => log.push(error) });
  assert.equal(JSON.parse(text(await server.handle(request("Shop.any", ["x"])))).error.code, -32000);
  assert.match(String(log[0].cause), /unreachable/);
});
