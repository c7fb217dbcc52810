// Objects made by the shapes of a contract: they are those that JSON.parse makes, without fields that the contract does not name.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import test, { before, after } from "node:test";
import { promisify } from "node:util";

import { Contract, Server, connect } from "pintle";
import { byShape } from "pintle/shapes";

import { needs, program, tool } from "./tools.js";

const exec = promisify(execFile);
const here = import.meta.dirname;
let directory;
let checkout;

before(async () => {
  directory = await mkdtemp(join(here, "shapes-"));
  const { build } = tool("esbuild");
  const options = { bundle: true, format: "esm", platform: "node", external: ["pintle", "pintle/shapes"] };
  await build({ ...options, entryPoints: [join(here, "apps/shapes.js")], outfile: join(directory, "app.mjs") });
  await build({ ...options, entryPoints: [join(here, "generated/checkout/checkout.gen.ts")], outfile: join(directory, "checkout.mjs") });
  checkout = await import(join(directory, "checkout.mjs"));
});
after(() => rm(directory, { recursive: true }));

async function same(file, ...args) {
  const { stdout } = await exec(file, [...args, join(directory, "app.mjs")], { cwd: join(here, ".."), maxBuffer: 1 << 24 });
  const { count, failures } = JSON.parse(stdout);
  assert.equal(failures.join("\n"), "");
  assert.ok(count > 5000, `${count} values`);
}

test("both ways make the same of random values, Node.js", () => same(process.execPath));
test("both ways make the same of random values, Deno", needs("deno"), () => same(program("deno"), "run", "--no-prompt", "--no-remote", "--allow-read"));
test("both ways make the same of random values, Bun", needs("bun"), () => same(program("bun")));

test("shapes of another contract are refused", () => {
  const other = checkout.contract.replace('"name":"price"', '"name":"cost"');
  assert.throws(() => Contract.fromJSON(other, { decode: byShape(checkout.shapes) }), /made of another contract/);
  const reordered = JSON.parse(checkout.contract);
  reordered.structs[0].fields.reverse();
  assert.throws(() => Contract.fromJSON(reordered, { decode: byShape(checkout.shapes) }), /made of another contract/);
  const comments = checkout.contract.replace("Something that can be bought.", "Something else.");
  assert.notEqual(comments, checkout.contract);
  Contract.fromJSON(comments, { decode: byShape(checkout.shapes) });
});

for (const shaped of [false, true]) {
  test(`what is not of its type is told, ${shaped ? "with" : "without"} shapes`, () => {
    const contract = Contract.fromJSON(checkout.contract, shaped ? { decode: byShape(checkout.shapes) } : {});
    const item = '{"productId":"a","quantity":1e1,"price":-0,"more":1}';
    const known = { productId: "a", quantity: 10, price: -0 };
    assert.deepEqual(contract.decode("CartItem", item), shaped ? known : { ...known, more: 1 });
    assert.deepEqual(contract.decode("checkout.CartItem", item, { unknown: "keep" }), { ...known, more: 1 });
    assert.equal(contract.decode("PaymentMethod", '"paypal"'), "paypal");
    assert.equal(contract.decode("int", "7", { ints: "bigint" }), 7n);
    for (const bad of ['{"productId":"a","quantity":"b","price":1}', "{", "", '{"productId":"a","quantity":9007199254740993,"price":1}']) {
      assert.throws(() => contract.decode("CartItem", bad), (error) => error.problems.length === 1 && /^no CartItem: /.test(error.message));
    }
    assert.throws(() => contract.decode("CartItem", Uint8Array.of(0xff)), /UTF-8/);
    assert.throws(() => contract.decode("Nothing", "1"), /no type Nothing/);
  });
}

test("structs that have few of many fields are read too, without unknown ones", () => {
  const fields = Array.from({ length: 200 }, (_, at) => ({ name: `f${at}`, type: { builtIn: "int" }, optional: true }));
  const list = { name: "L", namespace: "a", fields: [{ name: "all", type: { array: { userDefined: "S" } } }] };
  const json = { rootNamespace: "a", structs: [{ name: "S", namespace: "a", fields }, list] };
  const layout = Contract.fromJSON(json).core.layout();
  const structs = {
    S: () => assert.fail("there is no index"),
    L: () => assert.fail("there is no index"),
  };
  const contract = Contract.fromJSON(json, { decode: byShape({ layout, structs }) });
  const sparse = Array.from({ length: 1000 }, (_, at) => ({ [`f${at % 200}`]: at }));
  const text = JSON.stringify({ all: sparse.map((each) => ({ ...each, unknown: { f: 1 } })), unknown: 1 });
  assert.deepEqual(contract.decode("L", text), { all: sparse });
});

/** What goes through calls in every way that they come: by position, by name, in a batch, with parameters left out, after filters. */
for (const unknown of [undefined, "keep"]) {
  test(`handlers and callers get what the shapes make, unknown fields ${unknown === "keep" ? "kept" : "dropped"}`, async (t) => {
    const contract = Contract.fromJSON(checkout.contract, { decode: byShape(checkout.shapes) });
    const seen = [];
    const cart = { cartId: "é\n", items: [{ productId: "a", quantity: 1, price: 0.1 }], subtotal: 1e-400 };
    const handlers = {
      CatalogService: { listProducts: () => [], getProduct: () => null },
      CartService: {
        addToCart: (request) => (seen.push(request), { ...cart, more: { of: 1 }, items: [{ ...cart.items[0], more: 1 }] }),
        getCart: (id) => (seen.push(id), null),
        clearCart: (id) => (seen.push(id), true),
      },
      OrderService: { createOrder: () => assert.fail(), getOrder: () => null },
    };
    const extra = unknown === "keep" ? { more: [1] } : {};
    for (const before of [[], [() => undefined]]) {
      const server = new Server(contract, handlers, { unknown, before });
      t.after(() => server.free());
      const request = { productId: "p", quantity: 2, more: [1] };
      const body = (params, id) => `{"jsonrpc":"2.0","method":"CartService.addToCart","params":${params},"id":${id}}`;
      const text = JSON.stringify(request);
      const plain = { ...request, more: undefined };
      delete plain.more;
      for (const params of [`[${text}]`, ` [ ${text} ] `, `{"request":${text}}`, `[${text.replace("2", "2.0")}]`]) {
        seen.length = 0;
        const reply = JSON.parse(new TextDecoder().decode(await server.handle(body(params, 1))));
        assert.equal(reply.error, undefined);
        assert.deepEqual(seen, [{ ...plain, ...extra }]);
      }
      seen.length = 0;
      const other = `{"jsonrpc":"2.0","method":"CartService.getCart","params":["\\u00e9"],"id":3}`;
      await server.handle(`[${body(`[${text}]`, 1)},${other},${body(`[${text.replace('"p"', '"ü"')}]`, 2)}]`);
      assert.deepEqual(seen, [{ ...plain, ...extra }, "é", { ...plain, productId: "ü", ...extra }]);

      const { port1, port2 } = new MessageChannel();
      server.attach(port1);
      for (const target of [server, port2]) {
        const api = connect(contract, target, { unknown });
        const [made, none] = await Promise.all([api.CartService.addToCart(plain), api.CartService.getCart("x")]);
        assert.equal(none, null);
        const item = { ...cart.items[0], ...(unknown === "keep" ? { more: 1 } : {}) };
        assert.deepEqual(made, { ...cart, subtotal: 0, items: [item], ...(unknown === "keep" ? { more: { of: 1 } } : {}) });
        api.$close();
      }
    }
  });
}

test("integers of 64 bits come as bigints by shape too", async (t) => {
  const contract = Contract.fromJSON(checkout.contract, { decode: byShape(checkout.shapes) });
  const item = contract.decode("CartItem", '{"productId":"a","quantity":-9223372036854775808,"price":2}', { ints: "bigint" });
  assert.deepEqual(item, { productId: "a", quantity: -(2n ** 63n), price: 2 });
  let seen;
  const handlers = {
    CatalogService: { listProducts: () => [], getProduct: () => null },
    CartService: { addToCart: (request) => ((seen = request), null), getCart: () => null, clearCart: () => true },
    OrderService: { createOrder: () => null, getOrder: () => null },
  };
  const server = new Server(contract, handlers, { ints: "bigint", onError() {} });
  t.after(() => server.free());
  await server.handle('{"jsonrpc":"2.0","method":"CartService.addToCart","params":[{"productId":"a","quantity":9007199254740993}],"id":1}');
  assert.deepEqual(seen, { productId: "a", quantity: 9007199254740993n });
});
