// Calls in both directions on one connection.

import assert from "node:assert/strict";
import test from "node:test";

import { connect, Contract, Plugin, RpcError, Server } from "pintle";

import { guest, imports, OK, texts } from "./guest.js";
import { contract, handlers, request } from "./shop.js";
import { tool } from "./tools.js";

/** A client and a server on the two ends of a MessageChannel. */
function ports(t, { any, options, callbacks } = {}) {
  const { port1, port2 } = new MessageChannel();
  const server = new Server(contract, handlers(any), { onError: () => {}, ...options });
  const attached = server.attach(port1, { user: "ann" });
  const api = connect(contract, port2, { callbacks });
  t.after(() => api.$close());
  return { api, attached, port2 };
}

/** The same over a real WebSocket. */
async function sockets(t, { any, callbacks } = {}) {
  const { WebSocketServer, WebSocket } = tool("ws");
  const listener = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((listening) => listener.once("listening", listening));
  t.after(() => listener.close());
  const server = new Server(contract, handlers(any), { onError: () => {} });
  const attached = new Promise((resolve) => listener.once("connection", (socket) => resolve(server.attach(socket, { user: "ann" }))));
  const socket = new WebSocket(`ws://127.0.0.1:${listener.address().port}`);
  const api = connect(contract, socket, { callbacks });
  t.after(() => api.$close());
  return { api, attached, socket };
}

const feed = (told = []) => ({ Feed: { tell: (what) => `heard ${what}`, note: (what) => void told.push(what) } });

for (const [name, open] of [["MessagePort", ports], ["WebSocket", sockets]]) {
  test(`${name}: either side calls the other`, async (t) => {
    const told = [];
    const any = async (what, ctx) => {
      await ctx.peer.$notify.Feed.note(`${ctx.transport} ${ctx.user}`);
      return ctx.peer.Feed.tell(what);
    };
    const { api, attached } = await open(t, { any, callbacks: feed(told) });
    assert.equal(await api.Shop.any("x"), "heard x");
    assert.deepEqual(told, [`${name.toLowerCase()} ann`]);
    assert.equal(await (await attached).peer.Feed.tell("y"), "heard y");
    const [a, b] = await api.$batch((b) => [b.Shop.get("a"), b.Shop.any("z")]);
    assert.deepEqual([a.id, b], ["a", "heard z"]);
  });

  test(`${name}: a hundred calls each way find their answers`, async (t) => {
    const any = (what, ctx) => ctx.peer.Feed.tell(what);
    const { api } = await open(t, { any, callbacks: feed() });
    const all = await Promise.all(Array.from({ length: 100 }, (_, at) => api.Shop.any(`${at}`)));
    assert.deepEqual(all, Array.from({ length: 100 }, (_, at) => `heard ${at}`));
  });

  test(`${name}: what is wrong rejects the call that it is about`, async (t) => {
    const { api, attached } = await open(t, { any: () => 5, callbacks: { Feed: { ...feed().Feed, tell: () => 1 } } });
    await assert.rejects(api.Shop.put({ id: "gone", count: 1 }), { code: 100, cls: "shop.Gone" });
    await assert.rejects(api.Shop.any("x"), { code: -32603 });
    await assert.rejects(api.Shop.any(1), { code: -32602 });
    t.mock.method(console, "error", () => {});
    await assert.rejects((await attached).peer.Feed.tell("x"), { code: -32603 });
    await assert.rejects((await attached).peer.Shop.any("x"), { code: -32601 });
  });

  test(`${name}: a call that is given up is cancelled there`, async (t) => {
    let cancelled;
    const over = new Promise((resolve) => (cancelled = resolve));
    const any = (_, ctx) => (ctx.signal.addEventListener("abort", cancelled), new Promise(() => {}));
    const { api } = await open(t, { any });
    await assert.rejects(api.$with({ timeout: 50 }).Shop.any("x"), { code: -32001 });
    await over;
    assert.equal(await api.Shop.nothing(), null, "the connection goes on");
  });

  test(`${name}: a call of a batch that is given up ends alone`, async (t) => {
    const signals = {};
    let started;
    const running = new Promise((resolve) => (started = resolve));
    let finish;
    const any = (what, ctx) => {
      signals[what] = ctx.signal;
      if (what === "b") started();
      return new Promise((resolve) => what === "b" && (finish = resolve));
    };
    const { api, attached, port2, socket } = await open(t, { any });
    await attached;
    const raw = port2 ?? socket;
    await api.Shop.nothing();
    const send = (text) => (port2 ? raw.postMessage(text) : raw.send(text));
    send(`[${request("Shop.any", ["a"], 1001)},${request("Shop.any", ["b"], 1002)}]`);
    await running;
    const over = new Promise((resolve) => signals.a.addEventListener("abort", resolve));
    send('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1001}}');
    await over;
    assert.equal(signals.b.aborted, false);
    finish("b");
  });

  test(`${name}: the end of the connection ends its calls on both sides`, async (t) => {
    let stopped;
    const over = new Promise((resolve) => (stopped = resolve));
    let started;
    const running = new Promise((resolve) => (started = resolve));
    const any = (_, ctx) => (ctx.signal.addEventListener("abort", stopped), started(), new Promise(() => {}));
    const { api, attached } = await open(t, { any });
    const call = assert.rejects(api.Shop.any("x"), { code: -32002 });
    await running;
    api.$close();
    await call;
    await over;
    await (await attached).closed;
    await assert.rejects(api.Shop.any("x"), { code: -32002 });
    await assert.rejects((await attached).peer.Feed.tell("x"), { code: -32002 });
  });
}

test("what arrives is answered if it is a request, and never if it is a reply", async (t) => {
  const { port1, port2 } = new MessageChannel();
  const server = new Server(contract, handlers());
  server.attach(port1);
  t.after(() => port2.close());
  const replies = [];
  const arrived = (count) =>
    new Promise((resolve) => {
      const look = () => replies.length >= count && resolve();
      port2.onmessage = ({ data: reply }) => (replies.push(reply), look());
    });
  const two = arrived(4);
  for (const noise of ['{"id":7,"result":1}', '{"id":null,"error":{"code":1,"message":"x"}}', '[{"id":1,"result":1}]']) port2.postMessage(noise);
  port2.postMessage({ jsonrpc: "2.0" });
  port2.postMessage("{");
  port2.postMessage(request("Shop.any", ["x"]));
  port2.postMessage(new TextEncoder().encode(request("Shop.any", ["y"])));
  await two;
  const [object, half, plain, binary] = replies.map((reply) => (typeof reply === "string" ? reply : new TextDecoder().decode(reply)));
  assert.match(object, /-32700/);
  assert.match(half, /-32700/);
  assert.match(plain, /"result":"x"/);
  assert.match(binary, /"result":"y"/);
  assert.deepEqual(replies.map((reply) => typeof reply), ["object", "string", "string", "object"]);
});

test("a WebSocket that never opens rejects what waits for it", async (t) => {
  const { WebSocket } = tool("ws");
  const api = connect(contract, new WebSocket("ws://127.0.0.1:1"));
  t.after(() => api.$close());
  const error = await api.Shop.nothing().catch((error) => error);
  assert.ok(error instanceof RpcError);
  assert.equal(error.code, -32002);
});

/** A socket of which the test is the other end. */
function fake() {
  const listeners = {};
  const socket = {
    readyState: 1,
    bufferedAmount: 0,
    sent: [],
    code: undefined,
    send: (data) => socket.sent.push(JSON.parse(data)),
    close: (code) => (socket.code = code),
    addEventListener: (type, listener) => (listeners[type] = listener),
    say: (data) => listeners.message({ data }),
  };
  return socket;
}

test("what a peer can make a connection hold is bounded", async () => {
  let running = 0;
  const server = new Server(contract, handlers(() => (running++, new Promise(() => {}))), { onError: () => {} });
  const socket = fake();
  const connection = server.attach(socket);
  for (let id = 0; id < 101; id++) socket.say(request("Shop.any", ["x"]));
  await new Promise((done) => setImmediate(done));
  assert.equal(running, 100);
  assert.deepEqual(socket.sent.map(({ error }) => error.code), [-32003]);
  // Replies are still read.
  socket.say('{"id":7,"result":1}');
  connection.close();
  await connection.closed;

  for (const [code, wrong] of [
    [1009, (peer) => peer.say(" ".repeat((8 << 20) + 1))],
    [1013, (peer) => ((peer.bufferedAmount = (16 << 20) + 1), peer.say(request("Shop.get", ["none"])))],
    [1011, (peer) => ((peer.send = () => assert.fail("no way out")), peer.say(request("Shop.get", ["none"])))],
  ]) {
    const peer = fake();
    const attached = server.attach(peer);
    wrong(peer);
    await attached.closed;
    assert.equal(peer.code, code);
  }

  // As a page's own, which takes no others.
  const page = fake();
  page.close = (code) => assert.ok((page.code = code) === 1000 || code >= 3000);
  const attached = server.attach(page);
  page.say(" ".repeat((8 << 20) + 1));
  await attached.closed;
  assert.equal(page.code, 4009);
});

test("what comes before a client's code for connections is there waits for it, up to a bound", async () => {
  const told = [];
  const socket = Object.assign(fake(), { binaryType: "blob" });
  const api = connect(contract, socket, { callbacks: feed(told) });
  assert.equal(socket.binaryType, "arraybuffer");
  for (let number = 0; number < 101; number += 1) socket.say(`{"jsonrpc":"2.0","method":"Feed.note","params":["${number}"]}`);
  const answer = api.Shop.any("x");
  while (socket.sent.length === 0) await new Promise((done) => setImmediate(done));
  socket.say(`{"jsonrpc":"2.0","result":"y","id":${socket.sent[0].id}}`);
  assert.equal(await answer, "y");
  assert.deepEqual(told, Array.from({ length: 100 }, (_, number) => String(number)));

  const unopened = fake();
  const late = connect(contract, unopened);
  const cancelled = late.Shop.any("x");
  late.$close();
  await assert.rejects(cancelled, { code: -32002 });
  assert.deepEqual([unopened.code, unopened.sent], [1000, []]);
});

test("a client takes over a socket before its contract is freed, and calls back after", async (t) => {
  const { port1, port2 } = new MessageChannel();
  const own = Contract.fromJSON(contract.toJSON());
  const api = connect(own, port2, { callbacks: feed() });
  own.free();
  t.after(() => api.$close());
  new Server(contract, handlers((what, { peer }) => peer.Feed.tell(what))).attach(port1);
  assert.equal(await api.Shop.any("x"), "heard x");
});

test("a socket that is closed already is over at once", async () => {
  const server = new Server(contract, handlers());
  await server.attach(Object.assign(fake(), { readyState: 3 })).closed;
});

/** A WebSocket of a Durable Object, of which the test is the other end and the runtime. */
function sleeping() {
  let attachment = null;
  return Object.assign(fake(), {
    serializeAttachment: (value) => (attachment = structuredClone(value)),
    deserializeAttachment: () => structuredClone(attachment),
  });
}

test("a connection outlives the memory of its server", async () => {
  const seen = [];
  let asks;
  const any = (what, ctx) => {
    seen.push([ctx.connection, ctx.user]);
    return what === "ask" ? (asks = ctx.peer.Feed.tell("?")) : what;
  };
  const make = () => new Server(contract, handlers(any), { onError: () => {} });
  const [socket, accepted] = [sleeping(), []];
  make().accept({ acceptWebSocket: (given) => accepted.push(given) }, socket, { user: "ann" });
  assert.deepEqual(accepted, [socket]);

  const second = make();
  await second.webSocketMessage(socket, request("Shop.any", ["x"]));
  const asked = second.webSocketMessage(socket, request("Shop.any", ["ask"], 2));
  await new Promise(setImmediate);
  const { id, method } = socket.sent.at(-1);
  assert.equal(method, "Feed.tell");
  await second.webSocketMessage(socket, JSON.stringify({ jsonrpc: "2.0", id, result: "!" }));
  await asked;
  assert.equal(await asks, "!");
  assert.deepEqual(socket.sent.filter((reply) => "result" in reply).map(({ result }) => result), ["x", "!"]);

  // An answer that comes late, to one who was asleep meanwhile, is taken for no other.
  const third = make();
  const again = third.webSocketMessage(socket, request("Shop.any", ["ask"], 3));
  await new Promise(setImmediate);
  assert.notEqual(socket.sent.at(-1).id, id);
  await third.webSocketMessage(socket, JSON.stringify({ jsonrpc: "2.0", id, result: "late" }));
  await third.webSocketMessage(socket, JSON.stringify({ jsonrpc: "2.0", id: socket.sent.at(-1).id, result: "new" }));
  await again;
  assert.equal(socket.sent.at(-1).result, "new");
  assert.equal(new Set(seen.map(String)).size, 1);
  assert.equal(seen[0][1], "ann");

  third.webSocketClose(socket, 1000);
  assert.equal(socket.code, 1000);
  const stranger = sleeping();
  await third.webSocketMessage(stranger, request("Shop.any", ["x"]));
  assert.deepEqual(stranger.sent, []);
  third.webSocketClose(stranger);
  third.webSocketError(stranger);
});

test("who slept can be sent to before he calls", async () => {
  const socket = sleeping();
  new Server(contract, handlers()).accept({ acceptWebSocket() {} }, socket);
  const { head, operands } = texts("*", "Feed.note", '["hi"]');
  const everybody = guest(`(if (call $send ${operands.join(" ")}) (then (unreachable))) ${OK}`, { head: `${imports("send")} ${head}` });
  const plugin = await Plugin.load(everybody, { grants: { send: true } });
  const server = new Server(contract, { Shop: plugin });
  server.wake([socket]);
  await server.handle(request("Shop.any", ["x"]));
  assert.deepEqual(socket.sent.map(({ method }) => method), ["Feed.note"]);
  server.webSocketError(socket);
  await server.handle(request("Shop.any", ["x"]));
  assert.equal(socket.sent.length, 1);
});
