import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";

import { connect, Contract, RpcError, Server } from "pintle";

import { contract, handlers } from "./shop.js";

const silent = { onError: () => {} };
const server = (any, options) => new Server(contract, handlers(any), { ...silent, ...options });

/** A transport that answers what it is told to, and keeps what was sent. */
function fake(answer) {
  const sent = [];
  return { sent, send: async (body, about) => (sent.push(body), answer(JSON.parse(body), about)) };
}

const result = (value) => ({ id }) => JSON.stringify({ jsonrpc: "2.0", result: value, id });

async function rejected(promise) {
  return promise.then(
    (value) => assert.fail(`it was answered: ${JSON.stringify(value)}`),
    (error) => error,
  );
}

test("calls reach a server in this process and come back", async () => {
  const api = connect(contract, server());
  assert.deepEqual(await api.Shop.get("a"), { id: "a", count: 1 });
  assert.equal(await api.Shop.get("none"), null);
  assert.equal(await api.Shop.put({ id: "a", count: 2 }, 3), 6);
  assert.equal(await api.Shop.put({ id: "a", count: 2 }), 2);
  assert.equal(await api.Shop.nothing(), null);
  assert.equal(await api.Odd.constructor(1), 2);
  assert.equal(await api.Odd.toString(), "odd");
});

test("a client has only the contract's names, and can be awaited", async () => {
  const api = connect(contract, server());
  assert.equal(await Promise.resolve(api), api);
  assert.deepEqual(Object.keys(api), ["Shop", "Odd", "Feed"]);
  for (const name of ["then", "toString", "constructor", "__proto__"]) assert.equal(api[name], undefined);
  assert.equal(api.Shop.then, undefined);
  assert.equal(api.Shop.toString, undefined);
});

test("what breaks the contract is not sent", async () => {
  const transport = fake(result(1));
  const api = connect(contract, transport);
  const error = await rejected(api.Shop.put({ id: 1 }));
  assert.ok(error instanceof RpcError);
  assert.equal(error.code, -32602);
  assert.deepEqual(
    error.data.problems.map(({ path }) => path),
    ["item.id", "item.count"],
  );
  const cyclic = {};
  cyclic.self = cyclic;
  for (const params of [[], [1], ["a", "b"], [undefined], [cyclic], [1n]]) await rejected(api.Shop.get(...params));
  assert.equal((await rejected(api.Odd.then(2 ** 53))).data.problems[0].got, "out-of-range");
  assert.deepEqual(transport.sent, []);
});

test("what breaks the contract is not believed", async () => {
  const answers = ["1", '{"id":1}', '{"id":1,"result":{"id":1}}', '{"id":2,"result":null}', "", "x", '{"id":1,"result":null,"error":{}}', undefined];
  for (const answer of answers) {
    const error = await rejected(connect(contract, fake(() => answer)).Shop.get("a"));
    assert.equal(error.code, -32603, answer);
    assert.equal(typeof error.data.detail, "string");
  }
  const far = connect(contract, fake(({ id }) => `{"id":${id},"result":9007199254740993}`));
  assert.match((await rejected(far.Shop.put({ id: "a", count: 1 }))).data.detail, /out-of-range/);
});

test("less is checked if that is asked for", async () => {
  const wrong = fake(result("wrong"));
  assert.equal(await connect(contract, wrong, { validate: "request" }).Shop.get("a"), "wrong");
  await rejected(connect(contract, wrong, { validate: "request" }).Shop.get(1));
  assert.equal(await connect(contract, wrong, { validate: "none" }).Shop.get(1, 2, 3), "wrong");
});

test("a server's errors arrive, declared ones with their names", async () => {
  const throws = (error) => connect(contract, server(() => Promise.reject(error)));
  const plain = await rejected(throws(new RpcError(7, "no", { a: 1 })).Shop.any("x"));
  assert.ok(plain instanceof RpcError && plain instanceof Error);
  assert.deepEqual([plain.code, plain.message, plain.data, plain.cls], [7, "no", { a: 1 }, undefined]);
  const declared = await rejected(connect(contract, server()).Shop.put({ id: "gone", count: 1 }));
  assert.deepEqual([declared.code, declared.message, declared.cls], [100, "No such thing", "shop.Gone"]);
  class Gone extends Error {
    static code = 100;
    code = 100;
    cls = "shop.Gone";
    constructor(message, data) {
      super(message);
      this.data = data;
    }
  }
  const typed = await rejected(connect(contract, server(), { errors: [Gone] }).Shop.put({ id: "gone", count: 1 }));
  assert.ok(typed instanceof Gone && typed instanceof RpcError);
  assert.deepEqual(typed.data, { id: "gone" });
  class Mine extends RpcError {}
  assert.ok(!(plain instanceof Mine) && new Mine(1) instanceof Mine && new Mine(1) instanceof RpcError);
});

test("a batch is one body, whose calls are answered each for itself", async () => {
  const local = server();
  const bodies = [];
  const transport = { send: (body) => (bodies.push(body), local.handle(body)) };
  const api = connect(contract, transport);
  const [item, sum, error] = await api.$batch((b) => [
    b.Shop.get("a"),
    b.Shop.put({ id: "a", count: 2 }, 2),
    b.Shop.put({ id: "gone", count: 1 }).catch((error) => error),
  ]);
  assert.deepEqual([item.id, sum, error.code], ["a", 4, 100]);
  assert.equal(bodies.length, 1);
  assert.equal(JSON.parse(bodies[0]).length, 3);
  assert.deepEqual(await api.$batch(() => []), []);
  await rejected(api.$batch((b) => [b.Shop.get("a"), b.Shop.get(1)]));
});

test("a batch that is not built sends nothing, and takes nothing more once it is sent", async () => {
  const transport = fake(() => "[]");
  const api = connect(contract, transport);
  const mine = new Error("mine");
  const building = api.$batch((b) => {
    b.Shop.get("a");
    throw mine;
  });
  assert.equal(await rejected(building), mine);
  assert.deepEqual(transport.sent, []);
  let late;
  await api.$batch((b) => ((late = b), []));
  assert.match((await rejected(late.Shop.get("a"))).message, /sent already/);
});

test("calls of one tick go together if that is asked for", async () => {
  const local = server();
  const sizes = [];
  const transport = { send: (body) => (sizes.push(JSON.parse(body).length ?? 1), local.handle(body)) };
  const api = connect(contract, transport, { batch: true, limits: { batch: 3 } });
  await Promise.all(Array.from({ length: 7 }, (_, at) => api.Shop.get(`${at}`)));
  assert.deepEqual(sizes, [3, 3, 1]);
  await Promise.all([api.Shop.get("a"), api.$with({ timeout: 5 }).Shop.get("b")]);
  assert.deepEqual(sizes.slice(3), [1, 1]);
});

test("notifications are sent, and nobody waits for an answer", async () => {
  let told;
  const transport = fake(() => undefined);
  assert.equal(await connect(contract, transport).$notify.Shop.any("x"), undefined);
  assert.equal(transport.sent[0], '{"jsonrpc":"2.0","method":"Shop.any","params":["x"]}');
  await connect(contract, server((what) => (told = what))).$notify.Shop.any("y");
  assert.equal(told, "y");
});

test("a notification that the server refuses is an error", async () => {
  const refusal = '{"jsonrpc":"2.0","error":{"code":-32005,"message":"Unauthorized"},"id":null}';
  assert.equal((await rejected(connect(contract, fake(() => refusal)).$notify.Shop.any("x"))).code, -32005);
  const odd = '{"jsonrpc":"2.0","result":null,"id":null}';
  assert.equal(await connect(contract, fake(() => odd)).$notify.Shop.any("x"), undefined);
});

test("callbacks that are wrong open no connection", (t) => {
  let opened = 0;
  const { WebSocket } = globalThis;
  t.after(() => (globalThis.WebSocket = WebSocket));
  globalThis.WebSocket = function () {
    opened += 1;
  };
  assert.throws(() => connect(contract, "ws://127.0.0.1:1/", { callbacks: { Nope: {} } }), /Nope/);
  assert.equal(opened, 0);
});

test("time and signals end calls", async () => {
  const never = { send: () => new Promise(() => {}) };
  assert.equal((await rejected(connect(contract, never, { timeout: 5 }).Shop.nothing())).code, -32001);
  const controller = new AbortController();
  const reason = new Error("mine");
  const api = connect(contract, never, { signal: controller.signal });
  const pending = rejected(api.Shop.nothing());
  controller.abort(reason);
  assert.equal(await pending, reason);
  assert.equal(await rejected(api.Shop.nothing()), reason);
  assert.equal(await rejected(connect(contract, never).$with({ signal: AbortSignal.abort(reason) }).Shop.nothing()), reason);
});

test("data is given to the methods that have a parameter of its name", async () => {
  const transport = fake(result(1));
  const api = connect(contract, transport, { data: { times: 4, item: { id: "d", count: 1 }, other: 1 } });
  const sent = () => JSON.parse(transport.sent.at(-1)).params;
  await api.Shop.put({ id: "a", count: 1 });
  assert.deepEqual(sent(), [{ id: "a", count: 1 }, 4]);
  await api.Shop.put(undefined, 2);
  assert.deepEqual(sent(), [{ id: "d", count: 1 }, 2]);
  await rejected(api.Shop.nothing());
  assert.deepEqual(sent(), []);
});

test("a server's mounts are where calls go", async () => {
  const mounts = [{ at: "a/b", interface: "Shop" }, { at: "", interface: "Odd" }];
  const api = connect(contract, server(undefined, { mounts, separator: "/" }), { mounts, separator: "/" });
  assert.equal(await api.Shop.any("x"), "x");
  assert.equal(await api.Odd.then(1), 3);
  assert.equal(api.Feed, undefined);
});

test("contracts are compared with the server's", async () => {
  assert.deepEqual(await connect(contract, server()).$verify(), { deltas: [], compatible: true });
  const newer = Contract.parse("namespace shop\ninterface Shop { get(id string, more int) string }");
  const api = connect(newer, server());
  const { deltas, compatible } = await api.$verify();
  assert.equal(compatible, false);
  assert.ok(deltas.some(({ entity, name, member, severity }) => severity === "error" && `${entity} ${name}.${member}` === "method Shop.get"), JSON.stringify(deltas));
  const lenient = await api.$verify({ auditors: [() => undefined, ({ severity }) => (severity === "error" ? "warning" : "ignore")] });
  assert.equal(lenient.compatible, true);
  assert.ok(lenient.deltas.length > 0 && lenient.deltas.every(({ severity }) => severity === "warning"));
  newer.free();
});

test("over HTTP: headers, the response, refusals, and a server that goes away", async (t) => {
  const local = server();
  let mode = "serve";
  const seen = [];
  const http = createServer(async (incoming, outgoing) => {
    seen.push(incoming.headers);
    if (mode === "die") return incoming.socket.destroy();
    if (mode === "half") return outgoing.writeHead(200, { "content-length": 100 }).write('{"id'), setImmediate(() => outgoing.destroy());
    if (mode === "page") return outgoing.writeHead(502, { "content-type": "text/html" }).end("<h1>");
    const body = Buffer.concat(await incoming.toArray());
    const reply = await local.handle(body);
    outgoing.writeHead(reply ? 200 : 204, { "content-type": "application/json", "x-mine": "1" }).end(reply);
  });
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  t.after(() => http.close());
  const url = `http://127.0.0.1:${http.address().port}/`;
  const api = connect(contract, url, { headers: async () => ({ authorization: "Bearer x" }) });
  assert.equal(await api.Shop.any("é"), "é");
  assert.deepEqual([seen[0]["content-type"], seen[0].authorization], ["application/json", "Bearer x"]);
  const { result, response } = await api.$full.Shop.any("x");
  assert.deepEqual([result, response.status, response.headers.get("x-mine")], ["x", 200, "1"]);
  await api.$notify.Shop.any("x");
  assert.match((await rejected(connect(contract, url, { limits: { reply: 10 } }).Shop.any("x"))).message, /more than 10 bytes/);
  for (const [how, message] of [["die", /./], ["half", /./], ["page", /502/]]) {
    mode = how;
    assert.match((await rejected(api.Shop.any("x"))).message, message);
  }
  mode = "serve";
  assert.equal(await api.Shop.any("x"), "x");
});
