// 100,000 calls leave nothing behind: neither in the module's memory, which never shrinks, nor in the heap.

import assert from "node:assert/strict";
import test from "node:test";

// The package keeps its instance to itself, so its memory is caught where it is made.
const memories = [];
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(module, imports) {
    super(module, imports);
    memories.push(this.exports.memory);
  }
};
const { connect, Server } = await import("pintle");
const { contract, handlers, request } = await import("./shop.js");

async function used() {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  return { module: memories[0].buffer.byteLength, heap: process.memoryUsage().heapUsed };
}

async function level(round, warm, measured) {
  await round(warm);
  const before = await used();
  await round(measured);
  const after = await used();
  assert.equal(memories.length, 1);
  assert.equal(after.module, before.module, "the module's memory grew");
  assert.ok(after.heap < before.heap + (1 << 20), `${before.heap} to ${after.heap} bytes of heap`);
}

test("a server's calls, good ones and bad ones", { timeout: 300_000 }, async () => {
  const server = new Server(contract, handlers(async (what) => what), { onError: () => {} });
  const long = request("Shop.any", ["x".repeat(500)]);
  const bodies = [long, request("Shop.put", [{ id: "gone", count: 1 }]), request("Shop.any", [1]), "{", `[${long},${long}]`];
  await level(
    async (count) => {
      for (let at = 0; at < count; at += 1) await server.handle(bodies[at % bodies.length]);
    },
    5_000,
    100_000,
  );
});

test("a client's calls, answered ones and refused ones, in one process and over a port", { timeout: 300_000 }, async (t) => {
  const server = new Server(contract, handlers(), { onError: () => {} });
  const { port1, port2 } = new MessageChannel();
  server.attach(port1);
  const remote = connect(contract, port2);
  t.after(() => remote.$close());
  const local = connect(contract, server);
  await level(
    async (count) => {
      for (let at = 0; at < count; at += 1) {
        const api = at % 2 === 0 ? local : remote;
        await api.Shop.any("x".repeat(200));
        await api.Shop.any(1).catch(() => {});
        await api.Shop.put({ id: "gone", count: 1 }).catch(() => {});
      }
    },
    1_000,
    7_000,
  );
});
