// The examples, each in its real runtime.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";

import { connect, Contract } from "pintle";

import { needs, program, served, tool } from "./tools.js";

const examples = join(import.meta.dirname, "../examples");
const contract = Contract.parse(await readFile(join(examples, "checkout/checkout.pulse"), "utf8"));

test("node: the client shops at the server", async (t) => {
  const url = await served(t, process.execPath, join(examples, "node/server.js"));
  const { stdout } = await promisify(execFile)(process.execPath, [join(examples, "node/client.js"), url]);
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    "the server's contract is ours",
    "2 products; 1 in the cart, for 59.98",
    "checkout.OutOfStock: Out of stock",
    "not even sent: request.quantity: expected int, got string",
  ]);
  // A stranger's nonsense, and the page of one who bound his name to this address, change nothing.
  const ask = (headers) =>
    new Promise((resolve, reject) => {
      get(url, { headers, agent: false }, (response) => resolve(response.resume().statusCode)).on("error", reject);
    });
  assert.equal(await ask({ host: "a@b" }), 400);
  assert.equal(await ask({ host: "evil.example", origin: "http://evil.example" }), 403);
  assert.equal(await ask({}), 405);
});

test("deno: HTTP, and a client on a WebSocket", needs("deno"), async (t) => {
  const run = ["run", "--no-prompt", "--no-remote", "--allow-read", "--allow-net=127.0.0.1"];
  const url = await served(t, program("deno"), ...run, join(examples, "deno/server.js"));
  const { stdout } = await promisify(execFile)(program("deno"), [...run, join(examples, "deno/client.js"), url.replace("http", "ws")]);
  assert.deepEqual(stdout.trimEnd().split("\n"), ["in the cart for 69.48", "checkout.OutOfStock: Out of stock"]);
  assert.equal((await connect(contract, url).CatalogService.listProducts()).length, 2);
});

test("bun: a catalogue in a Worker, carts in JavaScript", needs("bun"), async (t) => {
  const url = await served(t, program("bun"), join(examples, "bun/server.js"));
  const { stdout } = await promisify(execFile)(program("bun"), [join(examples, "bun/client.js"), url]);
  assert.deepEqual(stdout.trimEnd().split("\n"), ["the guest has 4 products, as Mouse", "in the cart for 59.98"]);
});

test("worker: a guest, a Durable Object that sleeps, HTTP and a WebSocket", needs("workerd"), async (t) => {
  const bundle = await tool("esbuild").build({
    entryPoints: [join(examples, "worker/worker.js")],
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    external: ["*.wasm"],
    loader: { ".pulse": "text" },
    outfile: join(examples, "worker/out/worker.js"),
    write: false,
  });
  const { Miniflare } = tool("miniflare");
  const wasm = async (path, from) => ({ type: "CompiledWasm", path: join(examples, path), contents: await readFile(from) });
  const worker = new Miniflare({
    compatibilityDate: "2025-01-01",
    modulesRoot: examples,
    modules: [
      { type: "ESModule", path: join(examples, "worker/out/worker.js"), contents: bundle.outputFiles[0].text },
      await wasm("worker/out/core.wasm", join(examples, "../node_modules/pintle/dist/core.wasm")),
      await wasm("worker/checkout/checkout.wasm", join(examples, "checkout/checkout.wasm")),
    ],
    durableObjects: { SHOP: { className: "Shop", useSQLite: true } },
  });
  t.after(() => worker.dispose());

  const http = connect(contract, {
    send: async (body) => {
      const headers = { "content-type": "application/json" };
      const response = await worker.dispatchFetch("http://localhost/", { method: "POST", headers, body });
      return new Uint8Array(await response.arrayBuffer());
    },
  });
  const [product] = await http.CatalogService.listProducts();
  assert.equal(typeof product.name, "string");
  const cart = await http.CartService.addToCart({ productId: "mouse", quantity: 2 });
  assert.equal((await http.CartService.getCart(cart.cartId)).items.length, 1);
  await assert.rejects(http.CartService.addToCart({ cartId: "none", productId: "mouse", quantity: 1 }), { code: 1001 });

  const { webSocket } = await worker.dispatchFetch("http://localhost/", { headers: { upgrade: "websocket" } });
  webSocket.accept();
  const socket = connect(contract, webSocket);
  t.after(() => socket.$close());
  assert.deepEqual(await socket.CartService.getCart(cart.cartId), cart);

  // The runtime puts an object to sleep that nobody has called for ten seconds.
  const uptime = async () => {
    const headers = { "content-type": "application/json" };
    const body = '{"jsonrpc":"2.0","method":"server_info","id":1}';
    return (await (await worker.dispatchFetch("http://localhost/", { method: "POST", headers, body })).json()).result.uptime;
  };
  const idle = 11_000;
  let slept = false;
  for (let turn = 0; turn < 3 && !slept; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, idle));
    assert.deepEqual(await socket.CartService.getCart(cart.cartId), cart, "the connection and the cart are still there");
    slept = (await uptime()) * 1000 < idle - 2_000;
  }
  assert.ok(slept, "the object never slept");
});
