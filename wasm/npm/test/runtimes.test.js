// The packed package in every runtime that it is for: each runs the shared cases.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";

import { Contract } from "pintle";

import { guest, LOOP, relay } from "./guest.js";
import { suites } from "./suites.gen.js";
import { bundled, chromium, files, needs, program, tool } from "./tools.js";

const here = import.meta.dirname;
const dist = join(here, "../node_modules/pintle/dist");
const app = (name) => join(here, "apps", name);
const exec = promisify(execFile);

/** A report in which every case was run and none failed. */
function good({ count, failures }) {
  assert.equal(failures.join("\n"), "");
  assert.equal(count, suites.reduce((total, suite) => total + suite.cases.length, 0));
  assert.ok(count > 300, `${count} cases`);
}

const MODULES = {
  relay: relay("B.g"),
  loop: guest(`(if (i32.eq (global.get $calls) (i32.const 2)) (then ${LOOP})) (i64.or (i64.shl (i64.const 1008) (i64.const 32)) (i64.const 12))`, {
    head: '(data (i32.const 1008) "{\\"result\\":7}")',
  }),
};
const TEXTS = Object.fromEntries(Object.entries(MODULES).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]));

/** A report of guests that ran, in a runtime that has Workers. */
function ran({ suspending, now, later, first, loop, fresh, apart }) {
  assert.deepEqual({ now, first, loop, fresh }, { now: 2, first: 7, loop: -32001, fresh: 7 });
  assert.equal(later, suspending ? 2 : -32603);
  assert.ok(apart === 2 || apart === undefined, apart);
}

async function output(file, ...args) {
  const { stdout } = await exec(file, args, { cwd: join(here, ".."), maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

async function scratch(t) {
  const directory = await mkdtemp(join(here, "../scratch-"));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

for (const entry of ["pintle", "inline", "slim"]) {
  test(`Node.js, ${entry}`, async () => good(await output(process.execPath, app("terminal.js"), entry)));
}

test("Node.js, slim, with the module that knows contracts only as JSON", async () => {
  const json = Contract.parse("namespace a\ninterface I { echo(x int) int }").toJSON();
  const { missing, reply, asked, idl, refused } = await output(process.execPath, app("json.js"), JSON.stringify(json, null, 2));
  assert.match(missing, /404/);
  assert.deepEqual(reply, { jsonrpc: "2.0", result: 5, id: 1 });
  assert.ok(!asked.includes("\n"));
  assert.deepEqual(JSON.parse(asked).result, json);
  assert.deepEqual(idl, json);
  assert.equal(refused.length, 5);
  for (const message of refused.slice(0, 4)) assert.match(message, /no contract language/);
  assert.equal(refused[4], "`S` inherits too much");
});

test("Deno", needs("deno"), async () => {
  const deno = (...args) => output(program("deno"), "run", "--no-prompt", "--no-remote", "--allow-read", ...args);
  good(await deno(app("terminal.js")));
  ran(await deno(app("guests-terminal.js"), JSON.stringify(TEXTS)));
});

test("Bun", needs("bun"), async () => {
  good(await output(program("bun"), app("terminal.js")));
  ran(await output(program("bun"), app("guests-terminal.js"), JSON.stringify(TEXTS)));
});

test("a bundle of esbuild", async (t) => {
  const out = await scratch(t);
  await esbuilt({ main: app("bundled.js") }, out, { platform: "node" });
  const { report, ...rest } = await output(process.execPath, join(out, "main.js"), JSON.stringify(TEXTS));
  good(report);
  ran(rest);
});

/** As the README says: with the module and the inside of guests' Workers as entries beside the others. */
async function esbuilt(entries, outdir, options) {
  await tool("esbuild").build({
    entryPoints: { ...entries, core: "pintle/core.wasm", "guest-worker": "pintle/guest-worker" },
    bundle: true,
    format: "esm",
    splitting: true,
    loader: { ".wasm": "copy" },
    outdir,
    absWorkingDir: join(here, ".."),
    ...options,
  });
}

test("who only calls loads nothing that serves, until there is a connection", async (t) => {
  const out = await scratch(t);
  const build = (options) => tool("esbuild").build({ bundle: true, format: "esm", write: false, metafile: true, absWorkingDir: here, ...options });
  const { metafile } = await build({ entryPoints: ["apps/caller.js"], splitting: true, outdir: out });
  const parts = new Set([Object.keys(metafile.outputs).find((path) => path.endsWith("caller.js"))]);
  for (const part of parts) for (const { path, kind } of metafile.outputs[part].imports) if (kind !== "dynamic-import") parts.add(path);
  const inputs = Array.from(parts, (part) => Object.keys(metafile.outputs[part].inputs)).flat();
  const text = (await Promise.all(inputs.map((path) => readFile(join(here, path), "utf8")))).join();
  const texts = { call: "No answer within", listen: "the Content-Type must be", serve: "breaks the contract" };
  const has = Object.entries(texts).filter(([, part]) => text.includes(part));
  assert.deepEqual(has.map(([what]) => what), ["call"]);
  // The same code is that of a program that has all of the package.
  assert.deepEqual(await output(process.execPath, app("caller.js")), { same: true, echoed: "over a port" });
});

test("workerd", needs("workerd"), async (t) => {
  const out = await scratch(t);
  const bundle = await tool("esbuild").build({
    entryPoints: [app("worker.js")],
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    external: ["*.wasm"],
    outdir: join(out, "app"),
    write: false,
  });
  const { Miniflare } = tool("miniflare");
  const worker = new Miniflare({
    compatibilityDate: "2025-01-01",
    modulesRoot: out,
    modules: [
      { type: "ESModule", path: join(out, "app/worker.js"), contents: bundle.outputFiles[0].text },
      { type: "CompiledWasm", path: join(out, "app/core.wasm"), contents: await readFile(join(dist, "core.wasm")) },
      ...Object.entries({ ...MODULES, plugin: await readFile(process.env.PINTLE_GUEST) }).map(([name, contents]) => ({ type: "CompiledWasm", path: join(out, `app/${name}.wasm`), contents })),
    ],
  });
  t.after(() => worker.dispose());
  for (const path of ["", "plugin"]) good(await (await worker.dispatchFetch(`http://localhost/${path}`)).json());
  const { suspending, now, later, loop } = await (await worker.dispatchFetch("http://localhost/guests")).json();
  assert.equal(now, 2);
  assert.equal(later, suspending ? 2 : -32603);
  assert.match(loop, /no Workers/);
});

/** Tests that workerd cannot run, and why. Those of guests run there above, by modules that come compiled. */
const NOT_IN_WORKERD = {
  "commands tell about the server, and stop a plugin's instance": "compiles a guest",
  "who slept can be sent to before he calls": "compiles a guest",
  ...Object.fromEntries(
    [
      "WebSocket: either side calls the other",
      "WebSocket: a hundred calls each way find their answers",
      "WebSocket: what is wrong rejects the call that it is about",
      "WebSocket: a call that is given up is cancelled there",
      "WebSocket: a call of a batch that is given up ends alone",
      "WebSocket: the end of the connection ends its calls on both sides",
      "a WebSocket that never opens rejects what waits for it",
    ].map((name) => [name, "needs the package ws"]),
  ),
  "over HTTP: headers, the response, refusals, and a server that goes away": "starts a server of Node.js",
};

test("workerd, the tests of clients, servers, connections, HTTP and integers", needs("workerd"), async (t) => {
  const out = await scratch(t);
  const absent = ({ path }) => (["./guest.js", "./tools.js", "node:http"].includes(path) ? { path: app("absent.js") } : undefined);
  const bundle = await tool("esbuild").build({
    entryPoints: [app("tests-worker.js")],
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    external: ["*.wasm", "node:assert/strict"],
    alias: { "node:test": app("node-test.js") },
    plugins: [{ name: "absent", setup: (build) => build.onResolve({ filter: /./ }, absent) }],
    outdir: out,
    write: false,
  });
  const { Miniflare } = tool("miniflare");
  const worker = new Miniflare({
    compatibilityDate: "2025-09-01",
    compatibilityFlags: ["nodejs_compat"],
    modulesRoot: out,
    modules: [
      { type: "ESModule", path: join(out, "tests-worker.js"), contents: bundle.outputFiles[0].text },
      { type: "CompiledWasm", path: join(out, "core.wasm"), contents: await readFile(join(dist, "core.wasm")) },
    ],
  });
  t.after(() => worker.dispose());
  const { passed, absent: left, failed } = await (await worker.dispatchFetch("http://localhost/")).json();
  assert.deepEqual({ failed, left }, { failed: {}, left: NOT_IN_WORKERD });
  assert.ok(passed.length > 50, `${passed.length} tests`);
});

test("workerd, a store in a Durable Object", needs("workerd"), async (t) => {
  const bundle = await tool("esbuild").build({ entryPoints: [app("store.js")], bundle: true, format: "esm", write: false });
  const { Miniflare } = tool("miniflare");
  const worker = new Miniflare({
    compatibilityDate: "2025-01-01",
    modules: true,
    script: bundle.outputFiles[0].text,
    durableObjects: { OBJECT: { className: "Holder", useSQLite: true } },
  });
  t.after(() => worker.dispose());
  const { wrong, listed } = await (await worker.dispatchFetch("http://localhost/")).json();
  assert.deepEqual(wrong, []);
  assert.ok(listed > 500, `${listed} keys`);
});

const PAGES = {
  Vite: (out) => bundled(join(here, "apps"), out),
  esbuild: async (out) => {
    await esbuilt({ page: app("page.js") }, out, {});
    await copyFile(app("index.html"), join(out, "index.html"));
  },
};

for (const [name, build] of Object.entries(PAGES)) test(`${name} and Chromium, under a strict Content-Security-Policy`, needs("chromium"), async (t) => {
  const out = await scratch(t);
  await build(out);
  const url = await files(t, out, {
    "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  const browser = await chromium();
  t.after(() => browser.close());
  const page = await browser.newPage();
  const wrong = new Promise((_, reject) => page.on("pageerror", reject));
  await page.goto(url);
  await Promise.race([wrong, page.waitForFunction(() => document.title === "done")]);
  good(await page.evaluate(() => globalThis.report));
  assert.equal(await page.evaluate(() => globalThis.crossOriginIsolated), true);
  ran(await page.evaluate((modules) => globalThis.guests(modules), TEXTS));
});
