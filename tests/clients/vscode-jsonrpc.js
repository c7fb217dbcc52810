// vscode-jsonrpc and the contract of peers.pulse call each other, in bodies with Content-Length:
// node vscode-jsonrpc.js tcp://HOST:PORT, or node vscode-jsonrpc.js SERVER ARGUMENT…, which is started and spoken to by stdio.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { connect } = require("node:net");
const rpc = require("vscode-jsonrpc/node");

async function open([first, ...rest]) {
  if (first.startsWith("tcp:")) {
    const { hostname, port } = new URL(first);
    const socket = connect(port, hostname);
    await once(socket, "connect");
    return { input: socket, output: socket, end: () => socket.end() };
  }
  const server = spawn(first, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(server, "exit");
  // A server on stdio ends with its input.
  const end = async () => {
    server.stdin.end();
    assert.deepEqual(await ended, [0, null]);
  };
  return { input: server.stdout, output: server.stdin, end };
}

async function main() {
  const { input, output, end } = await open(process.argv.slice(2));
  const connection = rpc.createMessageConnection(new rpc.StreamMessageReader(input), new rpc.StreamMessageWriter(output));
  const told = [];
  let asked;
  const waits = new Promise((resolve) => (asked = resolve));
  connection.onRequest("Peer.echo", (text) => {
    if (text === "fail") throw new rpc.ResponseError(7, "not that one");
    if (text !== "wait") return text.toUpperCase();
    asked();
    return new Promise(() => {});
  });
  connection.onNotification("Peer.told", (text) => told.push(text));
  connection.onError(([error]) => assert.fail(error));
  connection.listen();

  assert.equal(await connection.sendRequest("Server.echo", "Grüße\n🌍"), "Grüße\n🌍");
  assert.equal(await connection.sendRequest("Server.echo", rpc.ParameterStructures.byName, { text: "by name" }), "by name");
  assert.equal(await connection.sendRequest("Server.ask", "and back"), "AND BACK");
  assert.equal(await connection.sendRequest("Server.tell", "first"), null);
  assert.deepEqual(told, ["first"], "what was told came before the reply");

  await assert.rejects(connection.sendRequest("Server.echo", 7), { code: -32602 });
  await assert.rejects(connection.sendRequest("Server.none"), { code: -32601 });
  await assert.rejects(connection.sendRequest("Peer.echo", "x"), { code: -32601 }, "callbacks cannot be called");
  await assert.rejects(connection.sendRequest("Server.ask", "fail"), { code: 7, message: "not that one" });

  // Its server asks back, and is not answered before the call is cancelled.
  const cancellation = new rpc.CancellationTokenSource();
  const cancelled = connection.sendRequest("Server.ask", "wait", cancellation.token);
  await waits;
  cancellation.cancel();
  await assert.rejects(cancelled, { code: -32002, message: "Cancelled" });

  await connection.sendNotification("Server.tell", "a notification is not answered");
  const many = Array.from({ length: 50 }, (_, at) => connection.sendRequest("Server.ask", `call ${at}`));
  assert.deepEqual(await Promise.all(many), Array.from({ length: 50 }, (_, at) => `CALL ${at}`));
  assert.deepEqual(told, ["first", "a notification is not answered"]);
  connection.dispose();
  await end();
}

main().then(
  () => console.log("the conversation is over"),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
