// Guests as handlers: the same modules that the native host runs.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import * as pintle from "pintle";

import { run } from "./cases.js";
import { contract, handlers, request, text } from "./shop.js";
import { answer, guest, OK } from "./guest.js";

const { Plugin, Server } = pintle;
/** What a server answers whose interface `Shop` is the plugin, and what its log was told. */
async function ask(plugin, { ctx, ...options } = {}) {
  const log = [];
  const server = new Server(contract, { Shop: plugin }, { onError: (error) => log.push(error), ...options });
  const { result, error } = JSON.parse(text(await server.handle(request("Shop.any", ["x"]), ctx)));
  server.free();
  return { result, error, log };
}

test("the shared cases hold with their plugin", async () => {
  const module = await WebAssembly.compile(await readFile(process.env.PINTLE_GUEST));
  const { count, failures } = await run(pintle, () => Plugin.load(module));
  assert.equal(failures.join("\n"), "");
  assert.ok(count > 300);
});

test("a guest answers, from bytes or a module", async () => {
  const bytes = guest(OK);
  for (const source of [bytes, await WebAssembly.compile(bytes)]) assert.equal((await ask(await Plugin.load(source))).result, "ok");
});

test("what is no plugin is refused when it is loaded, by name", async () => {
  const load = (body, options) => Plugin.load(guest(body, options));
  await assert.rejects(load(OK, { marker: "" }), /pintle_abi_1/);
  await assert.rejects(load(OK, { head: '(import "pintle" "kv_drop" (func))' }), /pintle\.kv_drop/);
  await assert.rejects(load(OK, { head: '(import "env" "now" (func))' }), /env\.now/);
  await assert.rejects(load(OK, { head: '(import "wasi_snapshot_preview1" "toString" (func))' }), /toString/);
  await assert.rejects(Plugin.load(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), /memory/);
  await assert.rejects(Plugin.load(new Uint8Array(3)), WebAssembly.CompileError);
});

test("a trap is an error reply without its text, and the next call has a fresh instance", async () => {
  const first = `(if (i32.eq (global.get $calls) (i32.const 2)) (then (unreachable))) ${OK}`;
  const plugin = await Plugin.load(guest(first));
  assert.equal((await ask(plugin)).result, "ok");
  const trapped = await ask(plugin);
  assert.deepEqual(trapped.error, { code: -32000, message: "Plugin failed" });
  assert.ok(trapped.log[0].cause instanceof WebAssembly.RuntimeError);
  assert.equal((await ask(plugin)).result, "ok");
});

test("addresses outside of the memory end the call", async () => {
  const bodies = [answer(0xffffffff, 15), answer(1024, 0xffffffff), answer(131_072, 1), "(i64.const -1)"];
  for (const body of bodies) assert.equal((await ask(await Plugin.load(guest(body)))).error.code, -32000, body);
  for (const alloc of ["(i32.const 0)", "(i32.const -1)", "(i32.const 131071)"]) {
    assert.equal((await ask(await Plugin.load(guest(OK, { alloc })))).error.code, -32000, alloc);
  }
  const log = '(import "pintle" "log" (func $log (param i32 i32 i32)))';
  const outside = `(call $log (i32.const 0) (i32.const 131070) (i32.const 10)) ${OK}`;
  assert.equal((await ask(await Plugin.load(guest(outside, { head: log })))).error.code, -32000);
});

test("an answer that is none is the plugin's failure", async () => {
  assert.equal((await ask(await Plugin.load(guest(answer(1024, 14))))).error.code, -32000);
  assert.equal((await ask(await Plugin.load(guest(answer(1024, 0))))).error.code, -32000);
});

test("a guest that takes too much memory is not used again", async () => {
  const grows = `(drop (memory.grow (i32.const 10))) ${OK}`;
  // It came compiled: nothing can be written into it any more.
  const module = await WebAssembly.compile(guest(`(if (i32.gt_s (global.get $calls) (i32.const 1)) (then (unreachable))) ${grows}`));
  const plugin = await Plugin.load(module, { memory: 1 << 17 });
  for (let call = 0; call < 3; call += 1) assert.equal((await ask(plugin)).result, "ok");
});

test("it may log, and see its call's context without credentials", async () => {
  const head = `(import "pintle" "log" (func $log (param i32 i32 i32)))
    (import "pintle" "context" (func $context (param i32 i32) (result i32)))`;
  const body = `(call $log (i32.const 1) (i32.const 2048) (call $context (i32.const 2048) (i32.const 1000))) ${OK}`;
  const lines = [];
  const plugin = await Plugin.load(guest(body, { head }), { onLog: (level, line) => lines.push([level, JSON.parse(line)]) });
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const server = new Server(contract, { Shop: plugin });
  const headers = { "content-type": "application/json", "x-a": "1", authorization: "secret", cookie: "secret", traceparent };
  await server.fetch(new Request("http://localhost/", { method: "POST", headers, body: request("Shop.any", ["x"], 7) }));
  const [[level, { deadlineMs, ...told }]] = lines;
  assert.equal(level, "warn");
  assert.ok(deadlineMs > 5_000 && deadlineMs <= 10_000);
  assert.deepEqual(told, { transport: "http", request: "7", headers: { "content-type": "application/json", "x-a": "1", traceparent }, traceparent });
});

test("nothing else is granted", async () => {
  const head = `(import "pintle" "kv_set" (func $set (param i32 i32 i32 i32) (result i32)))
    (import "pintle" "send" (func $send (param i32 i32 i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))`;
  const zeros = (count) => "(i32.const 0) ".repeat(count);
  const denied = `(if (i32.or (i32.ne (call $set ${zeros(4)}) (i32.const -2)) (i32.ne (call $send ${zeros(6)}) (i32.const -2)))
      (then (unreachable)))
    (if (i32.ne (call $open ${zeros(5)} (i64.const 0) (i64.const 0) ${zeros(2)}) (i32.const 8)) (then (unreachable)))`;
  assert.equal((await ask(await Plugin.load(guest(`${denied} ${OK}`, { head })))).result, "ok");
});

test("a module that says what it serves serves nothing else", async () => {
  const name = "pintle.interfaces";
  const json = '["Odd"]';
  const section = [0, 1 + name.length + json.length, name.length, ...Buffer.from(name + json)];
  const plugin = await Plugin.load(Uint8Array.from([...guest(OK), ...section]));
  assert.deepEqual(plugin.interfaces, ["Odd"]);
  assert.throws(() => new Server(contract, { ...handlers(), Shop: plugin }), /serves Odd, not Shop/);
});
