// The packed package in every runtime that it is for: each runs the shared cases.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";

import { Contract } from "pintle";

import { suites } from "./suites.gen.js";
import { chromium, needs, program, tool } from "./tools.js";

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
  const { reply, refused } = await output(process.execPath, app("json.js"), JSON.stringify(json));
  assert.deepEqual(reply, { jsonrpc: "2.0", result: 5, id: 1 });
  assert.match(refused, /language/);
});

test("Deno", needs("deno"), async () => {
  good(await output(program("deno"), "run", "--no-prompt", "--no-remote", "--allow-read", app("terminal.js")));
});

test("Bun", needs("bun"), async () => good(await output(program("bun"), app("terminal.js"))));

test("a bundle of esbuild", async (t) => {
  const out = await scratch(t);
  await tool("esbuild").build({
    entryPoints: [app("bundled.js")],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile: join(out, "app/main.mjs"),
  });
  await cp(join(dist, "core.wasm"), join(out, "core.wasm"));
  good(await output(process.execPath, join(out, "app/main.mjs")));
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
      { type: "CompiledWasm", path: join(out, "core.wasm"), contents: await readFile(join(dist, "core.wasm")) },
    ],
  });
  t.after(() => worker.dispose());
  good(await (await worker.dispatchFetch("http://localhost/")).json());
});

test("Vite and Chromium, under a strict Content-Security-Policy", needs("chromium"), async (t) => {
  const out = await scratch(t);
  const { build } = await import(createRequire(join(tool.root, "package.json")).resolve("vite"));
  await build({ root: join(here, "apps"), build: { outDir: out, emptyOutDir: true, target: "es2022" }, logLevel: "warn" });
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
  const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
  const server = createServer(async (request, response) => {
    const path = request.url === "/" ? "/index.html" : request.url;
    const file = await readFile(join(out, path)).catch(() => undefined);
    const type = types[extname(path)] ?? "text/plain";
    response.writeHead(file ? 200 : 404, { "content-type": type, "content-security-policy": policy }).end(file);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.close());
  const browser = await chromium();
  t.after(() => browser.close());
  const page = await browser.newPage();
  const wrong = new Promise((_, reject) => page.on("pageerror", reject));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await Promise.race([wrong, page.waitForFunction(() => document.title === "done")]);
  good(await page.evaluate(() => globalThis.report));
});
