import assert from "node:assert/strict";
import test from "node:test";

import { connect, Contract, Plugin, Raw, RpcError, Server } from "pintle";

import { guest, OK } from "./guest.js";
import { contract, handlers, request, text } from "./shop.js";

/** The reply's result or error, and what the log was told. */
async function call(any, { method = "Shop.any", params = ["x"], ctx, ...options } = {}) {
  const log = [];
  const server = new Server(contract, handlers(any), { onError: (error, { method }) => log.push([method, error]), ...options });
  const { result, error } = JSON.parse(text(await server.handle(request(method, params), ctx)));
  server.free();
  return { result, error, log };
}

const INTERNAL = { code: -32603, message: "Internal error" };

test("a contract says what is wrong with its text and with values", () => {
  assert.throws(() => Contract.parse("namespace a\ninterface I { f(x Nope) }", { name: "my.pulse" }), /my\.pulse[\s\S]*Nope/);
  assert.throws(() => Contract.fromJSON("{"), /not JSON/);
  const parsed = Contract.parse('namespace a\nimport "b.pulse"\nstruct S { t b.T }', { imports: { "b.pulse": "namespace b\nstruct T { x int }" } });
  assert.deepEqual(parsed.validate("S", { t: { x: "1" } }), {
    valid: false,
    error: ".t.x: expected int, got string",
    invalidFields: [".t.x"],
    problems: [{ path: ".t.x", expected: "int", got: "string" }],
  });
  assert.deepEqual(parsed.validate("S", { t: { x: 1 } }), { valid: true, error: undefined, invalidFields: [], problems: [] });
  for (const value of [undefined, () => {}, Symbol("s"), NaN]) assert.equal(parsed.validate("int", value).valid, false);
  assert.throws(() => parsed.validate("Nope", 1), /no such type/);
  const again = Contract.fromJSON(JSON.stringify(parsed));
  assert.equal(again.fingerprint, parsed.fingerprint);
  assert.equal(again.checksum, parsed.checksum);
  again.free();
  parsed.free();
});

test("bodies, answers and ids arrive whole, short and long, in any script", async () => {
  const server = new Server(contract, handlers(), {});
  const asked = [];
  // The room that most texts cross in has 16,384 bytes; up to three of them are a unit of text.
  for (const length of [0, 1, 5_000, 5_461, 5_462, 8_000, 16_000, 16_383, 16_384, 16_385, 100_000, 3]) {
    for (const unit of ["x", "é", "日", "\u{1d11e}"]) {
      for (const id of ["1", "-12.5e-30", '"é"', '"日本"', "null", '"a longer one"']) {
        const what = unit.repeat(length);
        const body = `{"jsonrpc":"2.0","method":"Shop.any","params":["${what}"],"id":${id}}`;
        asked.push(server.handle(body).then((reply) => assert.equal(text(reply), `{"jsonrpc":"2.0","result":"${what}","id":${id}}`)));
      }
    }
  }
  await Promise.all(asked);
  server.free();
});

test("a log may call the server whose answer it is told of", async () => {
  const replies = [];
  const onError = () => replies.push(server.handle(request("Shop.any", ["from the log"], 2)));
  const server = new Server(contract, handlers((what) => (what === "wrong" ? 1 : what)), { onError });
  const batch = `[${request("Shop.any", ["wrong"])},${request("Shop.any", ["right"], 3)}]`;
  const [wrong, right] = JSON.parse(text(await server.handle(batch)));
  assert.deepEqual([wrong.error.code, right.result], [-32603, "right"]);
  assert.equal(JSON.parse(text(await replies[0])).result, "from the log");
  server.free();
});

test("a context tells of its call also when that is answered", async () => {
  const kept = [];
  const server = new Server(contract, handlers((what, ctx) => (kept.push(ctx), what)), {});
  for (const id of ["7", '"eight"']) await server.handle(`{"jsonrpc":"2.0","method":"Shop.any","params":["x"],"id":${id}}`);
  await server.handle('{"jsonrpc":"2.0","method":"Shop.any","params":["x"]}');
  const told = kept.map(({ method, request, notification, signal }) => [method, request, notification, signal.aborted]);
  assert.deepEqual(told, [
    ["Shop.any", "7", false, true],
    ["Shop.any", '"eight"', false, true],
    ["Shop.any", undefined, true, true],
  ]);
  server.free();
});

test("handlers are held against the contract when a server is made", () => {
  const { Shop, Odd } = handlers();
  assert.throws(() => new Server(contract, { Shop, Nope: {} }), /no interface Nope/);
  assert.throws(() => new Server(contract, { Shop: { ...Shop, put: 1 } }), /Shop has no function put of its own/);
  // Inherited functions do not count: every object has a `constructor` and a `toString`.
  assert.throws(() => new Server(contract, { Odd: { then: Odd.then } }), /Odd has no function constructor of its own/);
  assert.throws(() => new Server(contract, { Shop }, { limits: { depth: 0 } }), /option depth/);
});

test("methods with the names of what every object has are called, and nothing else is", async () => {
  assert.equal((await call(undefined, { method: "Odd.constructor", params: [1] })).result, 2);
  assert.equal((await call(undefined, { method: "Odd.then", params: [1] })).result, 3);
  assert.equal((await call(undefined, { method: "Odd.toString", params: [] })).result, "odd");
  for (const method of ["Shop.constructor", "Shop.__proto__", "Shop.toString", "Odd.valueOf", "__proto__.get", "Feed.tell"]) {
    assert.equal((await call(undefined, { method, params: [] })).error.code, -32601, method);
  }
});

test("handlers get parameters by position, then their context", async () => {
  let seen;
  const server = new Server(contract, {
    Shop: { ...handlers().Shop, put: (...given) => ((seen = given), 7) },
  });
  const body = JSON.stringify({ jsonrpc: "2.0", method: "Shop.put", params: { item: { id: "a", count: 2 } }, id: "é" });
  assert.equal(text(await server.handle(body, { env: "mine" })), '{"jsonrpc":"2.0","result":7,"id":"é"}');
  const [item, times, ctx] = seen;
  assert.deepEqual([item, times, seen.length], [{ id: "a", count: 2 }, null, 3]);
  assert.deepEqual([ctx.method, ctx.request, ctx.notification, ctx.env], ["Shop.put", '"é"', false, "mine"]);
  assert.equal(ctx.signal.aborted, true, "it is over");
  assert.equal(await server.handle('{"jsonrpc":"2.0","method":"Shop.nothing"}'), undefined);
});

test("what a handler may throw is the answer, and anything else is not told", async () => {
  class Declared extends Error {
    static code = 100;
    code = 100;
    cls = "shop.Gone";
    data = { a: 1 };
  }
  const thrower = (thrown) => () => {
    throw thrown;
  };
  assert.deepEqual((await call(thrower(new RpcError(7, "no", [1])))).error, { code: 7, message: "no", data: [1] });
  assert.deepEqual((await call(thrower(new Declared("gone")))).error, { code: 100, message: "gone", data: { a: 1 } });
  assert.equal((await call(thrower(new RpcError(100)))).error.message, "No such thing");
  const cyclic = {};
  cyclic.self = cyclic;
  const bare = Object.create(null);
  const awkward = new Proxy(new Error("x"), {
    getOwnPropertyDescriptor() {
      throw new Error("trapped");
    },
  });
  const secrets = [new Error("secret"), "secret", undefined, null, bare, { code: 5, message: "secret" }, awkward];
  secrets.push(new DOMException("secret", "AbortError"), Object.assign(new Error("secret"), { code: 5 }));
  secrets.push(new RpcError(7, "secret", cyclic), new RpcError(7, "secret", 1n), new RpcError(1.5, "secret"));
  for (const thrown of secrets) {
    for (const any of [thrower(thrown), async () => thrower(thrown)()]) {
      const { error, log } = await call(any);
      assert.deepEqual(error, INTERNAL);
      assert.equal(log.length, 1);
      assert.equal(log[0][0], "Shop.any");
    }
  }
  const reserved = await call(thrower(new RpcError(-32000, "secret")));
  assert.equal(reserved.error.code, -32603);
  assert.match(String(reserved.log[0][1]), /breaks the contract.*error\.code/);
});

test("results that break the contract are not told, but logged", async () => {
  const cyclic = {};
  cyclic.self = cyclic;
  const results = [undefined, null, 1, {}, cyclic, 1n, NaN, () => {}, Symbol("x"), { then: "x" }, "\ud800"];
  for (const result of results) {
    const { error, log } = await call(() => result);
    assert.equal(error?.code, -32603, String(result));
    assert.equal(log.length, 1);
    assert.ok(log[0][1] instanceof Error);
  }
  const { log } = await call(() => 1);
  assert.deepEqual(log[0][1].problems, [{ path: "", expected: "string", got: "int" }]);
  const large = await call(() => "x".repeat(20 << 20));
  assert.equal(large.error.code, -32004);
});

test("awkward keys in parameters and results are only keys", async () => {
  const source = `namespace k
    struct S { constructor int [optional]  toJSON string [optional]  then int [optional]  hasOwnProperty int [optional] }
    interface K { echo(value S) S  map(value map[string]int) map[string]int }`;
  const keys = Contract.parse(source);
  const server = new Server(keys, { K: { echo: (value) => value, map: (value) => value } });
  const send = async (method, params) => {
    const reply = text(await server.handle(`{"jsonrpc":"2.0","method":"${method}","params":[${params}],"id":1}`));
    return reply.slice('{"jsonrpc":"2.0","result":'.length, -',"id":1}'.length);
  };
  const value = '{"constructor":1,"toJSON":"x","then":2,"hasOwnProperty":3}';
  assert.equal(await send("K.echo", value), value);
  const map = '{"__proto__":1,"constructor":2,"toJSON":3,"then":4}';
  assert.equal(await send("K.map", map), map);
  assert.equal({}.polluted, undefined);
  server.free();
  keys.free();
});

test("a deadline and a signal end what never settles", async () => {
  const never = () => new Promise(() => {});
  assert.equal((await call(never, { deadline: 10 })).error.code, -32001);
  const controller = new AbortController();
  const cancelled = call(never, { ctx: { signal: controller.signal } });
  controller.abort();
  assert.equal((await cancelled).error.code, -32002);
  assert.equal((await call(never, { ctx: { signal: AbortSignal.abort() } })).error.code, -32002);
  let signal;
  await call((_, ctx) => ((signal = ctx.signal), never()), { deadline: 10 });
  assert.equal(signal.aborted, true);
});

test("what comes after the answer is ignored", async () => {
  let settle;
  const { error, log } = await call(() => new Promise((resolve) => (settle = resolve)), { deadline: 1 });
  assert.equal(error.code, -32001);
  settle("late");
  await new Promise(setImmediate);
  assert.deepEqual(log, []);
});

test("a log that fails costs nobody the answer", async (t) => {
  const shown = t.mock.method(console, "error", () => {});
  const onError = () => {
    throw new Error("the disk is full");
  };
  const thrower = () => {
    throw new Error("secret");
  };
  assert.deepEqual((await call(thrower, { onError })).error, INTERNAL);
  assert.match(String(shown.mock.calls[0].arguments[0]), /the disk is full/);
});

test("a log that fails later costs nobody anything either", async (t) => {
  const shown = t.mock.method(console, "error", () => {});
  const thrower = () => Promise.reject(new Error("secret"));
  const full = new Error("the disk is full");
  assert.deepEqual((await call(thrower, { onError: () => Promise.reject(full) })).error, INTERNAL);
  await new Promise(setImmediate);
  assert.equal(shown.mock.calls[0].arguments[0], full);
});

test("a contract that was given back is not missed by a server", async (t) => {
  const own = Contract.parse("namespace a\ninterface S { f(x int) int }\ninterface Back { g() int }");
  const server = new Server(own, { S: { f: (_, { peer }) => peer.Back.g() } });
  const client = Contract.fromJSON(own.toJSON());
  own.free();
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  server.attach(port1);
  const api = connect(client, port2, { callbacks: { Back: { g: () => 7 } } });
  client.free();
  assert.equal(await api.S.f(1), 7);
  api.$close();
});

test("filters before a call see it raw, refuse it, and add to it", async () => {
  const seen = [];
  const see = ({ method, params }, ctx) => void seen.push([method, params, ctx.request]);
  await call(undefined, { before: [see], method: "Shop.put", params: [{ id: 1 }] });
  assert.deepEqual(seen, [["Shop.put", [{ id: 1 }], "1"]]);
  const refuse = async () => {
    throw new RpcError(-32005, "Unauthorized");
  };
  assert.equal((await call(undefined, { before: [see, refuse] })).error.code, -32005);
  const broken = await call(undefined, { before: [() => assert.fail("secret")] });
  assert.deepEqual([broken.error, broken.log.length], [INTERNAL, 1]);
  const add = (times) => ({ before: [() => ({ times })], method: "Shop.put", params: { item: { id: "a", count: 2 } } });
  assert.equal((await call(undefined, add(3))).result, 6);
  assert.equal((await call(undefined, add("x"))).error.code, -32602);
});

test("filters after a call see its outcome, and may replace it", async () => {
  const seen = [];
  const see = (answered) => void seen.push(answered);
  assert.equal((await call((what) => `${what}!`, { after: [see] })).result, "x!");
  assert.deepEqual(seen[0], { method: "Shop.any", params: ["x"], result: "x!", error: undefined });
  const thrown = new RpcError(7, "no");
  assert.equal((await call(() => Promise.reject(thrown), { after: [see] })).error.code, 7);
  assert.equal(seen[1].error, thrown);
  const replace = () => {
    throw new RpcError(8, "instead");
  };
  assert.equal((await call(undefined, { after: [replace] })).error.code, 8);
});

test("filters after a call see what a plugin answered, its own error too", async () => {
  const seen = [];
  const after = [({ result, error }) => void seen.push([result, error?.code, error?.message, error?.data])];
  const told = async (answer) => {
    const raw = new Raw(() => (typeof answer === "string" ? answer : new TextEncoder().encode(JSON.stringify(answer))));
    const server = new Server(contract, { Shop: raw }, { after, onError: () => {} });
    return JSON.parse(text(await server.handle(request("Shop.any", ["x"]))));
  };
  assert.equal((await told({ result: "y" })).result, "y");
  assert.equal((await told({ error: { code: 7, message: "no", data: [1] } })).error.code, 7);
  assert.equal((await told([])).error.code, -32000);
  assert.equal((await told("{")).error.code, -32603);
  const nothing = [undefined, undefined, undefined, undefined];
  assert.deepEqual(seen, [["y", undefined, undefined, undefined], [undefined, 7, "no", [1]], nothing, nothing]);
});

test("mounts, commands, strictness and limits are those of the core", async () => {
  const mounts = [{ at: "a.b", interface: "Shop" }, { at: "", interface: "Odd" }];
  assert.equal((await call(undefined, { mounts, method: "a.b.any" })).result, "x");
  assert.equal((await call(undefined, { mounts, method: "then", params: [1] })).result, 3);
  assert.equal((await call(undefined, { mounts, method: "Shop.any" })).error.code, -32601);
  assert.equal((await call(undefined, { commands: true, method: "ping", params: [] })).result, "pong");
  const more = { method: "Shop.put", params: [{ id: "a", count: 1, more: 1 }] };
  assert.equal((await call(undefined, more)).result, 1);
  assert.equal((await call(undefined, { ...more, strict: true })).error.code, -32602);
  assert.equal((await call(undefined, { limits: { body: 10 } })).error.code, -32004);
});

test("commands tell about the server, and stop a plugin's instance", async () => {
  const once = `(if (i32.eq (global.get $calls) (i32.const 2)) (then (unreachable))) ${OK}`;
  const plugin = await Plugin.load(guest(once));
  const options = { commands: true, kill: true, info: () => ({ region: "here", version: "mine" }), onError: () => {} };
  const server = new Server(contract, { Shop: plugin }, options);
  const ask = async (method, params) => JSON.parse(text(await server.handle(request(method, params))));
  await ask("Shop.any", ["x"]);
  const { result } = await ask("server_info", []);
  assert.match(result.version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual([result.region, result.contract, typeof result.uptime], ["here", contract.checksum, "number"]);
  const [{ name, calls, instances }] = result.plugins;
  assert.deepEqual([name, calls, instances[0].state], ["Shop", 1, "idle"]);
  assert.equal((await ask("kill_actor", ["Shop-99"])).error.code, -32602);
  assert.equal((await ask("kill_actor", [instances[0].aid])).result, true);
  assert.deepEqual((await ask("server_info", [])).result.plugins[0].instances, []);
  assert.equal((await ask("kill_actor", [instances[0].aid])).error.code, -32602);
  // A fresh one has not trapped yet, and another id.
  assert.equal((await ask("Shop.any", ["x"])).result, "ok");
  assert.notEqual((await ask("server_info", [])).result.plugins[0].instances[0].aid, instances[0].aid);
  const { result: list } = await ask("functions_list", []);
  assert.ok(list.some(([name]) => name === "server_info"));
  const plain = new Server(contract, { Shop: plugin }, { commands: true });
  for (const method of ["kill_actor", "server_info"]) {
    assert.equal(JSON.parse(text(await plain.handle(request(method, ["x"])))).error.code, -32601);
  }
});

test("integers that a number may not hold are refused, never rounded", async () => {
  const exact = async (value, result = 1) => {
    const server = new Server(contract, { Odd: { ...handlers().Odd, then: () => result } }, { onError: () => {} });
    const body = `{"jsonrpc":"2.0","method":"Odd.then","params":[${value}],"id":1}`;
    return JSON.parse(text(await server.handle(body))).error;
  };
  for (const value of ["9007199254740991", "-9007199254740991", "1e3"]) assert.equal(await exact(value), undefined, value);
  for (const value of ["9007199254740992", "9007199254740993", "-9007199254740993", "9223372036854775807"]) {
    const { code, data } = await exact(value);
    assert.deepEqual([code, data.problems[0].got], [-32602, "out-of-range"], value);
  }
  assert.equal((await exact(1, 2 ** 53)).code, -32603);
  assert.equal((await exact(1, 2 ** 53 - 1)), undefined);
});

test("a raw handler reads and writes text", async () => {
  const raw = new Raw((method, params) => (method === "Shop.get" ? '{"id":"x","count":9007199254740993}' : params.slice(1, -1)));
  const server = new Server(contract, { Shop: raw }, { ints: "int64" });
  assert.throws(() => new Server(contract, { Shop: raw, Odd: handlers().Odd }, { ints: "int64" }), /Raw/);
  assert.match(text(await server.handle(request("Shop.get", ["x"]))), /9007199254740993/);
  const wrong = new Server(contract, { Shop: new Raw(() => 5) }, { onError: () => {} });
  assert.equal(JSON.parse(text(await wrong.handle(request("Shop.any", ["x"])))).error.code, -32603);
});
