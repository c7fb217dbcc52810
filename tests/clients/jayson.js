// jayson calls the example conform by HTTP, WebSocket or TCP, whichever the addresses are of: node jayson.js URL…
const assert = require("node:assert/strict");
const { once } = require("node:events");
const jayson = require("jayson/promise");
const { WebSocket } = require("ws");

async function connect(url) {
  const { protocol, hostname, port } = new URL(url);
  switch (protocol) {
    case "http:":
      return { client: jayson.Client.http(url), close() {} };
    case "ws:": {
      const ws = new WebSocket(url);
      await once(ws, "open");
      return { client: jayson.Client.websocket({ ws, timeout: 10_000 }), close: () => ws.close() };
    }
    case "tcp:":
      return { client: jayson.Client.tcp({ host: hostname, port }), close() {} };
  }
}

async function talk(url) {
  const { client, close } = await connect(url);
  assert.equal((await client.request("Numbers.add", [2, 3])).result, 5);
  assert.equal((await client.request("Numbers.add", { b: 3, a: 2 }, "an id of mine")).result, 5);
  assert.equal((await client.request("People.find", ["Zoë"])).result.name, "Zoë");
  assert.equal((await client.request("People.find", ["Nemo"])).result, null);

  const refused = (await client.request("Numbers.add", [1, "2"])).error;
  assert.deepEqual([refused.code, refused.data.problems[0].path], [-32602, "b"]);
  assert.equal((await client.request("Numbers.root", [-1])).error.code, 100);
  assert.equal((await client.request("Numbers.constructor", [])).error.code, -32601);

  const make = (method, params, id) => client.request(method, params, id, false);
  const replies = await client.request([
    make("Numbers.add", [1, 1]),
    make("Numbers.add", [1, 1], null), // a notification
    make("Numbers.root", [-4]),
    make("Numbers.repeat", [7, 2]),
  ]);
  assert.deepEqual(replies.map(({ result, error }) => error?.code ?? result), [2, 100, [7, 7]]);

  assert.equal(await client.request("Numbers.add", [1, 1], null), undefined, "a notification has no reply");
  const many = await Promise.all(Array.from({ length: 50 }, (_, at) => client.request("Numbers.add", [at, 1])));
  assert.deepEqual(many.map((reply) => reply.result), Array.from({ length: 50 }, (_, at) => at + 1));
  close();
}

Promise.all(process.argv.slice(2).map(talk)).then(() => console.log("the conversation is over"));
