// Barrister's own client for Node.js: npm install barrister@0.1.8, then node client.js [URL]
const barrister = require("barrister");

const client = barrister.httpClient(process.argv[2] ?? "http://127.0.0.1:8082");

/** Waits for one of Barrister's own promises. Their error is what the server answered, or what the client found wrong. */
const answer = (call) => new Promise((resolve, reject) => call.success(resolve).error(reject));

const say = (what, value) => console.log(`${what}: ${JSON.stringify(value)}`);

async function main() {
  await answer(client.loadContract());
  const numbers = client.proxy("Numbers");
  const people = client.proxy("People");

  say("sum", await answer(numbers.add(2, 3)));
  say("product", await answer(numbers.reduce([1.5, 2, 2.5], "multiply")));
  say("repeated", await answer(numbers.repeat(7, 3)));
  const ada = await answer(people.find("Ada"));
  say("found", [ada.name, ada.kind, ada.email, ada.children.map((child) => child.name)]);
  say("not found", await answer(people.find("Nemo")));
  const strangers = await answer(people.list("stranger"));
  say("strangers", strangers.map((person) => person.name));
  say("greeted", (await answer(people.greet([ada, ...strangers]))).words);
  const { status, remark } = await answer(people.greet([]));
  say("nobody", [status, remark]);

  // With the client's own checks, then with the server's alone.
  for (const checked of [true, false]) {
    client.validateRequest = checked;
    const refused = async (what, call) => {
      const { code, data } = await answer(call).then((result) => ({ code: `none: ${result}` }), (error) => error);
      say(`refused ${what}`, [code, data?.problems?.[0].path ?? null]);
    };
    await refused("a text", numbers.add(1, "2"));
    await refused("an operation", numbers.reduce([1], "divide"));
    await refused("no list", people.greet("Ann"));
    await refused("half a person", people.greet([{ name: "Ann" }]));
    await refused("a negative number", numbers.root(-1));
    await refused("too many", numbers.repeat(1, 1001));
  }

  const batch = client.startBatch();
  const inBatch = batch.proxy("Numbers");
  inBatch.add(1, 1);
  inBatch.root(-4);
  inBatch.root(6.25);
  const results = await new Promise((resolve, reject) => {
    batch.send((error, results) => (error ? reject(error) : resolve(results)));
  });
  say("in a batch", results.map(({ result, error }) => error?.code ?? result));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
