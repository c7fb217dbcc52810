// simplerpc and remotipy, as the original protocols write them, and between this package's own two ends.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { Duplex } from "node:stream";
import test from "node:test";

import {
  connectRemotipy,
  connectSimplerpc,
  Contract,
  RpcError,
  serveRemotipy,
  serveSimplerpc,
  Server,
} from "pintle/dialects";

const contract = Contract.parse(`
  namespace users
  struct Place { name string  country string [optional] }
  struct User { name string  age int  place Place }
  errors { 1 UserNotFound "There is no such user" }
  interface Users {
    find(name string) User raises (UserNotFound)
    save(user User)
    count() int
    slow(name string) string
  }
  interface Told { welcome(msg string)  left(name string, reason string [optional]) }
`);

const ann = { name: "Ann", age: 30, place: { name: "Here", country: null } };

function serve(more) {
  const Users = {
    find(name) {
      if (name !== "Ann") throw new RpcError(1);
      return ann;
    },
    save: () => undefined,
    count: () => 2,
    slow: async (name) => name,
    ...more,
  };
  return new Server(contract, { Users }, { onError: () => {} });
}

async function rejected(promise) {
  return promise.then(
    (value) => assert.fail(`it was answered: ${JSON.stringify(value)}`),
    (error) => error,
  );
}

test("remotipy: what its clients send and read", async () => {
  const answer = serveRemotipy(serve(), "Users", { path: "/rpc" });
  const post = async (body, init) => {
    const response = await answer(new Request("http://localhost/rpc", { method: "POST", body, ...init }));
    return [response.status, JSON.parse(await response.text())];
  };
  const place = { _class: "Place", _data: { name: "Here", country: null } };
  assert.deepEqual(await post('{"method":"find","params":["Ann"]}'), [200, { _class: "User", _data: { ...ann, place } }]);
  const user = '{"_class":"User","_data":{"name":"B","age":1,"place":{"name":"x"}}}';
  assert.deepEqual(await post(`{"method":"save","params":[${user}]}`), [200, null]);
  assert.deepEqual(await post('{"method":"count","params":[]}'), [200, 2]);
  const cls = async (body) => {
    const [status, { exception, _class, _data }] = await post(body);
    assert.deepEqual([status, exception, _class], [200, true, "SerializableException"]);
    return _data.cls;
  };
  assert.equal(await cls('{"method":"find","params":["Zoe"]}'), "UserNotFound");
  assert.equal(await cls('{"method":"find","params":[1]}'), "TypeError");
  assert.equal(await cls('{"method":"constructor","params":[]}'), "MethodNotFound");
  assert.equal(await cls("{"), "ValueError");
  assert.equal((await post("{}", { headers: { origin: "http://evil.example" } }))[0], 403);
  assert.throws(() => serveRemotipy(serve(), "Nope"), /Nope/);
});

test("remotipy: a client at a server", async (t) => {
  const answer = serveRemotipy(serve(), "Users");
  t.mock.method(globalThis, "fetch", (url, init) => answer(new Request(url, init)));
  const api = connectRemotipy(contract, "http://localhost/");
  assert.deepEqual(await api.Users.find("Ann"), ann);
  assert.equal(await api.Users.save(ann), null);
  const error = await rejected(api.Users.find("Zoe"));
  assert.deepEqual([error.code, error.cls], [1, "users.UserNotFound"]);
  assert.equal((await rejected(api.Users.find(1))).code, -32602);
  await api.$notify.Users.save(ann);
  assert.deepEqual(await api.$batch((b) => [b.Users.count(), b.Users.slow("x")]), [2, "x"]);
});

/** The two ends of a connection. */
function pair() {
  const [there, back] = [new TransformStream(), new TransformStream()];
  return [
    { readable: back.readable, writable: there.writable },
    { readable: there.readable, writable: back.writable },
  ];
}

/** One end as text: writes what it is told, reads lines. */
function texts({ readable, writable }) {
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let rest = "";
  return {
    write: (text) => writer.write(new TextEncoder().encode(text)),
    async line() {
      while (!rest.includes("\n")) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        rest += new TextDecoder().decode(value);
      }
      const end = rest.indexOf("\n");
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      return line;
    },
    end: () => writer.close(),
  };
}

test("simplerpc: what its clients send and read", async () => {
  const [here, there] = pair();
  let finish;
  const slow = (name, { peer }) => new Promise((resolve) => (finish = () => peer.$notify.Told.welcome("hi é").then(() => resolve(name))));
  const served = serveSimplerpc(serve({ slow }), "Users", there, { messages: "Told" });
  const client = texts(here);
  void client.write('count{}\nfind{"na');
  void client.write('me": "Ann"}\nnonsense\n{"x":1}\nfind{"name":"Zoe"}\nnope{}\n');
  assert.equal(await client.line(), 'OKAY{"result":2}');
  assert.deepEqual(JSON.parse((await client.line()).slice(4)), ann);
  for (const reason of ["MalformedPayload", "MalformedPayload", "UserNotFound", "MethodNotFound"]) {
    const line = await client.line();
    assert.equal(line.slice(0, 4), "FAIL");
    assert.equal(JSON.parse(line.slice(4)).reason, reason, line);
  }
  // Answers keep their order, and a message goes out before the reply.
  void client.write('slow{"name":"x"}\ncount{}\n');
  while (!finish) await new Promise(setImmediate);
  finish();
  assert.equal(await client.line(), 'welcome{"msg":"hi \\u00e9"}');
  assert.equal(await client.line(), 'OKAY{"result":"x"}');
  assert.equal(await client.line(), 'OKAY{"result":2}');
  await assert.rejects(served.peer.Told.welcome("x"), { code: -32601 });
  await client.end();
  await served.closed;
});

test("simplerpc: a line without end is answered, and the connection closed", async () => {
  const [here, there] = pair();
  const server = new Server(contract, { Users: { find: () => ann, save() {}, count: () => 1, slow: (x) => x } }, { limits: { body: 100 } });
  const served = serveSimplerpc(server, "Users", there);
  const client = texts(here);
  client.write("x".repeat(60)).catch(() => {});
  client.write("x".repeat(60)).catch(() => {});
  assert.match(await client.line(), /^FAIL/);
  assert.equal(await client.line(), undefined);
  await served.closed;
});

test("simplerpc: a client at a server, over TCP", async (t) => {
  let stopped;
  const over = new Promise((resolve) => (stopped = resolve));
  const never = ({ signal }) => new Promise(() => signal.addEventListener("abort", stopped));
  const server = serve({ slow: (name, ctx) => (name === "never" ? never(ctx) : name) });
  const peers = [];
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    peers.push(serveSimplerpc(server, "Users", Duplex.toWeb(socket), { messages: "Told" }));
  });
  await new Promise((listening) => listener.listen(0, "127.0.0.1", listening));
  t.after(() => listener.close());
  const { connect } = await import("node:net");
  const socket = connect(listener.address().port, "127.0.0.1");
  socket.on("error", () => {});
  let told;
  const left = new Promise((resolve) => (told = resolve));
  const callbacks = { Told: { welcome: () => {}, left: (name, reason) => told([name, reason]) } };
  const api = connectSimplerpc(contract, Duplex.toWeb(socket), { messages: "Told", callbacks });
  assert.deepEqual(await api.Users.find("Ann"), ann);
  assert.equal((await rejected(api.Users.find("Zoe"))).cls, "users.UserNotFound");
  assert.deepEqual(await Promise.all([api.Users.count(), api.Users.slow("a"), api.Users.count()]), [2, "a", 2]);
  await api.$notify.Users.save(ann);
  assert.equal(await api.Users.count(), 2, "the answer to the notification is nobody's");
  await peers[0].peer.$notify.Told.left("Ben");
  assert.deepEqual(await left, ["Ben", null]);
  // Its answer would still come first: whoever asks next waits for his own.
  assert.equal((await rejected(api.$with({ timeout: 20 }).Users.slow("never"))).code, -32001);
  const waiting = rejected(api.Users.count());
  socket.destroy();
  assert.equal((await waiting).code, -32002);
  await over;
  await peers[0].closed;
});
