// json-rpc-2.0 calls the example conform by HTTP or WebSocket, whichever the addresses are of: node json-rpc-2.0.js URL…
const assert = require("node:assert/strict");
const { once } = require("node:events");
const { JSONRPCClient } = require("json-rpc-2.0");
const { WebSocket } = require("ws");

function overHttp(url) {
  const client = new JSONRPCClient(async (request) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(request) });
    if (response.status === 200) client.receive(await response.json());
    else assert.equal(response.status, 204);
  });
  return { client, close() {} };
}

async function overWebSocket(url) {
  const ws = new WebSocket(url);
  const client = new JSONRPCClient((request) => ws.send(JSON.stringify(request)));
  ws.on("message", (text) => client.receive(JSON.parse(text)));
  await once(ws, "open");
  return { client, close: () => ws.close() };
}

async function talk(url) {
  const { client, close } = await (url.startsWith("ws:") ? overWebSocket(url) : overHttp(url));
  assert.equal(await client.request("Numbers.reduce", [[1.5, 2, 2.5], "multiply"]), 7.5);
  assert.equal(await client.request("Numbers.add", { b: 3, a: 2 }), 5);
  const ada = await client.request("People.find", { name: "Ada" });
  assert.equal((await client.request("People.greet", [[ada]])).words[0], "Hi, Ada and 2 more");

  const problems = [{ path: "operation", expected: "one of add, multiply", got: '"divide"' }];
  await assert.rejects(client.request("Numbers.reduce", [[1], "divide"]), (error) => {
    assert.deepEqual([error.code, error.data.problems], [-32602, problems]);
    return true;
  });
  await assert.rejects(client.request("Numbers.root", [-1]), { code: 100, message: "a negative number has no root" });
  await assert.rejects(client.request("nobody"), { code: -32601 });

  client.notify("Numbers.add", [1, 1]);
  const many = Array.from({ length: 50 }, (_, at) => client.timeout(10_000).request("Numbers.repeat", [at, 1]));
  assert.deepEqual(await Promise.all(many), Array.from({ length: 50 }, (_, at) => [at]));

  const jsonrpc = "2.0";
  const replies = await client.requestAdvanced([
    { jsonrpc, id: "a", method: "Numbers.add", params: [1, 1] },
    { jsonrpc, id: "b", method: "Numbers.add", params: [1] },
  ]);
  assert.deepEqual(replies.map(({ id, result, error }) => [id, error?.code ?? result]), [["a", 2], ["b", -32602]]);
  close();
}

Promise.all(process.argv.slice(2).map(talk)).then(() => console.log("the conversation is over"));
