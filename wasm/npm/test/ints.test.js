// Integers around 2^53 and 2^63, in every mode and on both sides.

import assert from "node:assert/strict";
import test from "node:test";

import { connect, Contract, Raw, Server } from "pintle";

import { text } from "./shop.js";

const contract = Contract.parse(`
  namespace big
  struct Base { id int }
  struct Node extends Base { next Node [optional]  counts map[string]int  list [][]int  weight float  name string  free bool }
  interface Big {
    echo(value int) int
    tree(node Node, more int [optional]) Node
    nothing(value int)
    weigh(value float) float
    name(value string) string
  }
  interface Back { ask(value int) int }
`);

/** A server and what reaches its handlers. */
function serve(options, handlers) {
  const seen = [];
  const see = (value) => (seen.push(value), value);
  const Big = { echo: see, tree: (node, more) => (seen.push(more), see(node)), nothing: (value) => void see(value), weigh: see, name: see };
  return { seen, server: new Server(contract, { Big: { ...Big, ...handlers } }, { onError: () => {}, ...options }) };
}

const send = async (server, method, params) =>
  text(await server.handle(`{"jsonrpc":"2.0","method":"Big.${method}","params":[${params}],"id":1}`));

const MOST = 2n ** 63n - 1n;
const EDGES = [0n, 1n, -1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 10n ** 15n, 10n ** 16n, MOST - 1n, MOST, -MOST - 1n];

test("a bigint is what every int is, and all of 64 bits go there and back", async () => {
  const { server, seen } = serve({ ints: "bigint" });
  const api = connect(contract, server, { ints: "bigint" });
  for (const value of EDGES) {
    assert.equal(await send(server, "echo", value), `{"jsonrpc":"2.0","result":${value},"id":1}`);
    assert.equal(seen.at(-1), value);
    assert.equal(await api.Big.echo(value), value);
  }
  for (const beyond of [MOST + 1n, -MOST - 2n, 10n ** 19n]) {
    assert.match(await send(server, "echo", beyond), /-32602.*out-of-range/);
    await assert.rejects(api.Big.echo(beyond), { code: -32602 });
  }
  await send(server, "echo", "3.0");
  await send(server, "echo", "1e3");
  assert.deepEqual(seen.slice(-2), [3n, 1000n]);
});

test("wherever the contract says int, and nowhere else", async () => {
  const { server, seen } = serve({ ints: "bigint" });
  const json = `{"id":9007199254740993,"next":{"id":1,"counts":{},"list":[],"weight":1,"name":"","free":true},
    "counts":{"__proto__":9223372036854775807,"\\u0000a" :2},"list":[[],[1,9007199254740993]],"weight":9007199254740993,
    "name":"\\u0000123456789012345678","free":false,"more":{"x":9007199254740993,"y":[1],"z":"1234567890123456789"},"id2":12345678901234567}`;
  const reply = await send(server, "tree", json);
  const node = seen.at(-1);
  assert.equal(seen.at(-2), null);
  assert.deepEqual([node.id, node.next.id, node.counts["\0a"], node.list], [2n ** 53n + 1n, 1n, 2n, [[], [1n, 2n ** 53n + 1n]]]);
  assert.equal(Object.getOwnPropertyDescriptor(node.counts, "__proto__").value, MOST);
  assert.equal(Object.getPrototypeOf(node.counts), Object.prototype);
  assert.deepEqual([node.weight, node.next.weight, node.name, node.free], [2 ** 53, 1, "\0" + "123456789012345678", false]);
  // Nobody says what these are: they are not rounded.
  assert.deepEqual(node.more, { x: 2n ** 53n + 1n, y: [1], z: "1234567890123456789" });
  const { result } = JSON.parse(reply);
  assert.equal(result.name, node.name);
  for (const part of ['"id":9007199254740993', '"__proto__":9223372036854775807', '[[],[1,9007199254740993]]', '"x":9007199254740993']) {
    assert.ok(reply.includes(part), `${part} in ${reply}`);
  }
  const back = await connect(contract, server, { ints: "bigint" }).Big.tree(node, 5n);
  assert.deepEqual(back, node);
  assert.equal(seen.at(-2), 5n);
});

test("text that looks like the marks is only text", async () => {
  const { server, seen } = serve({ ints: "bigint" });
  const api = connect(contract, server, { ints: "bigint" });
  const texts = ["\0", "\0\0", "\0" + "1", "\0\0" + "12345678901234567", '\\"', "\\", '"\0' + '1234567890123456"', "1234567890123456789", "é\u2028"];
  for (const value of texts) {
    assert.equal(await api.Big.name(value), value);
    assert.equal(seen.at(-1), value);
    const counts = { [value]: 2n ** 60n };
    const node = { id: 1n, counts, list: [], weight: 0.5, name: value, free: true };
    assert.deepEqual(await api.Big.tree(node), node);
  }
});

test("a number may stand for an int where it is one for sure", async () => {
  const { server } = serve({ ints: "bigint" }, { echo: (value) => (value === 1n ? 5 : 2 ** 53) });
  assert.match(await send(server, "echo", 1), /"result":5,/);
  assert.match(await send(server, "echo", 2), /-32603/);
  const api = connect(contract, server, { ints: "bigint" });
  assert.equal(await api.Big.echo(1), 5n);
  await assert.rejects(api.Big.echo(2 ** 53), RangeError);
  assert.equal(await api.Big.weigh(2 ** 60), 2 ** 60);
});

test("a toJSON that others gave to bigints changes nothing", async (t) => {
  const { server } = serve({ ints: "bigint" });
  BigInt.prototype.toJSON = () => "mine";
  t.after(() => delete BigInt.prototype.toJSON);
  assert.equal(await connect(contract, server, { ints: "bigint" }).Big.echo(MOST), MOST);
});

test("with numbers, what one may not hold is refused, never rounded", async () => {
  const { server, seen } = serve({});
  const api = connect(contract, server);
  const raw = new Server(contract, { Big: new Raw((_, params) => params.slice(1, -1)) }, { ints: "int64" });
  for (const value of EDGES) {
    const safe = Number.isSafeInteger(Number(value));
    assert.match(await send(server, "echo", value), safe ? new RegExp(`"result":${value},`) : /-32602.*out-of-range/);
    if (safe) assert.equal(seen.at(-1), Number(value));
    assert.match(await send(raw, "echo", value), new RegExp(`"result":${value},`));
  }
  await assert.rejects(api.Big.echo(2 ** 53), { code: -32602 });
  const far = new Server(contract, { Big: new Raw(() => "9007199254740993") }, { ints: "int64" });
  await assert.rejects(connect(contract, far).Big.echo(1), /out-of-range|Internal error/);
  assert.equal(await connect(contract, far, { ints: "bigint" }).Big.echo(1), 2n ** 53n + 1n);
});

test("filters, data and callbacks see the same", async (t) => {
  const seen = [];
  const before = [({ params }) => void seen.push(params), () => ({ more: 2n ** 62n })];
  const after = [({ params, result }) => void seen.push([params.length, result.id])];
  const { server, seen: handled } = serve({ ints: "bigint", before, after });
  const node = { id: 2n ** 61n, counts: {}, list: [], weight: 0, name: "", free: true };
  const { server: plain, seen: given } = serve({ ints: "bigint" });
  assert.equal((await connect(contract, plain, { ints: "bigint", data: { more: MOST, other: 1n } }).Big.tree(node)).id, 2n ** 61n);
  assert.equal(given.at(-2), MOST);
  await send(server, "tree", '{"id":2305843009213693952,"counts":{},"list":[],"weight":0,"name":"","free":true}');
  assert.deepEqual([seen[0][0].id, seen[1]], [2n ** 61n, [2, 2n ** 61n]]);
  assert.equal(handled.at(-2), 2n ** 62n);

  const { port1, port2 } = new MessageChannel();
  const asking = serve({ ints: "bigint" }, { echo: (value, { peer }) => peer.Back.ask(value) }).server;
  asking.attach(port1);
  const calling = connect(contract, port2, { ints: "bigint", callbacks: { Back: { ask: (value) => value - 1n } } });
  t.after(() => calling.$close());
  assert.equal(await calling.Big.echo(MOST), MOST - 1n);
});
