// Which requests carry calls: the rules of the native host.

import assert from "node:assert/strict";
import test from "node:test";

import { Server } from "pintle";

import { contract, handlers, request } from "./shop.js";

const URL = "https://api.example/";
const JSON_TYPE = { "content-type": "application/json" };

/** Status, JSON body and response of a request to a server with `options`. */
async function send({ url = URL, method = "POST", headers = JSON_TYPE, body = request("Shop.any", ["x"]), any, ...options } = {}) {
  const server = new Server(contract, handlers(any), options);
  const init = { method, headers, ...(method === "POST" ? { body, duplex: "half" } : {}) };
  const response = await server.fetch(new Request(url, init), { env: "mine" });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : undefined, headers: response.headers };
}

test("replies are 200, errors included, and nothing is 204", async () => {
  const good = await send();
  assert.deepEqual([good.status, good.json.result, good.headers.get("content-type")], [200, "x", "application/json"]);
  assert.equal((await send({ body: "{" })).status, 200);
  const none = await send({ body: '{"jsonrpc":"2.0","method":"Shop.nothing"}' });
  assert.deepEqual([none.status, none.json], [204, undefined]);
});

test("other paths, verbs and types are refused, each with an error as body", async () => {
  const cases = [
    [{ url: `${URL}other` }, 404],
    [{ method: "GET" }, 405],
    [{ headers: {} }, 415],
    [{ headers: { "content-type": "text/plain" } }, 415],
    [{ headers: { "content-type": "application/json; charset=latin1" } }, 415],
    [{ headers: { "content-type": "application/json, application/json" } }, 415],
    [{ headers: { "content-type": "application/json5" } }, 415],
  ];
  for (const [options, status] of cases) {
    const refused = await send(options);
    assert.equal(refused.status, status, JSON.stringify(options));
    assert.deepEqual([refused.json.error.code, refused.json.id], [-32600, null]);
  }
  assert.equal((await send({ method: "GET" })).headers.get("allow"), "POST");
  for (const type of ["Application/JSON-RPC", "application/jsonrequest; charset=UTF-8", 'application/json; charset="utf-8"; profile=x']) {
    assert.equal((await send({ headers: { "content-type": type } })).status, 200, type);
  }
  assert.equal((await send({ url: `${URL}rpc`, path: "/rpc" })).status, 200);
});

test("a body over the limit is not read to its end", async () => {
  const limits = { body: 100 };
  const announced = await send({ limits, body: "x".repeat(101) });
  assert.deepEqual([announced.status, announced.json.error.code], [413, -32004]);
  let pulled = 0;
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(60).fill(32 + 0 * pulled++)) });
  assert.equal((await send({ limits, body: endless })).status, 413);
  assert.ok(pulled < 10, `${pulled} chunks were read`);
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  assert.equal((await send({ body: broken })).status, 400);
});

test("pages of other origins are refused unless they are listed", async () => {
  const from = (origin, options) => send({ headers: { ...JSON_TYPE, origin }, ...options });
  for (const own of ["https://api.example", "http://api.example"]) assert.equal((await from(own)).status, 200, own);
  const foreign = ["null", "https://evil.example", "https://api.example.evil", "https://api.example:444", "file://api.example", "x"];
  for (const origin of foreign) {
    const refused = await from(origin);
    assert.equal(refused.status, 403, origin);
    assert.equal(refused.headers.get("access-control-allow-origin"), null);
  }
  const origins = ["https://app.example"];
  const listed = await from("https://app.example", { origins });
  assert.deepEqual([listed.status, listed.headers.get("access-control-allow-origin"), listed.headers.get("vary")], [200, "https://app.example", "origin"]);
  assert.equal((await from("https://other.example", { origins })).status, 403);
  const asked = { origin: "https://app.example", "access-control-request-method": "POST", "access-control-request-headers": "x-a" };
  const preflight = await send({ method: "OPTIONS", headers: asked, origins });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-headers"), "x-a");
  assert.equal((await send({ method: "OPTIONS", headers: asked })).status, 403);
});

test("a page under a name that was bound to our address is a stranger's", async () => {
  const from = (url, options) => send({ url, headers: { ...JSON_TYPE, origin: new globalThis.URL(url).origin }, ...options });
  for (const own of ["http://localhost:8080/", "http://shop.localhost/", "http://127.0.0.1:8080/", "http://[::1]:8080/", "https://api.example/"]) {
    assert.equal((await from(own)).status, 200, own);
  }
  for (const bound of ["http://evil.example:8080/", "http://evil.example/", "http://localhost.evil.example/", "http://1.evil/"]) {
    assert.equal((await from(bound)).status, 403, bound);
  }
  // What ends TLS stands in front.
  assert.equal((await send({ url: "http://api.example/", headers: { ...JSON_TYPE, origin: "https://api.example" } })).status, 200);
  const hosts = ["API.example", "localhost:8080"];
  for (const url of ["http://api.example/", "http://api.example:81/", "http://localhost:8080/"]) {
    assert.equal((await from(url, { hosts })).status, 200, url);
    assert.equal((await send({ url, hosts })).status, 200, url);
  }
  for (const url of ["http://localhost:8081/", "http://127.0.0.1:8080/", "https://other.example/"]) {
    assert.equal((await send({ url, hosts })).status, 403, url);
  }
});

test("a body in single bytes is put together, and costs no more than it is long", async () => {
  const bytes = new TextEncoder().encode(request("Shop.any", ["x".repeat(60_000)]));
  let at = 0;
  const pull = (controller) => (at < bytes.length ? controller.enqueue(bytes.subarray(at, ++at)) : controller.close());
  assert.equal((await send({ body: new ReadableStream({ pull }) })).json.result.length, 60_000);
});

test("handlers see the headers, and what fetch was given", async () => {
  let seen;
  const any = (what, ctx) => ((seen = [ctx.transport, ctx.headers["x-a"], ctx.env]), what);
  await send({ any, headers: { ...JSON_TYPE, "X-A": "1" } });
  assert.deepEqual(seen, ["http", "1", "mine"]);
});
