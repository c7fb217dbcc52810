// The runtimes and bundlers that the tests run the package in. `PINTLE_RUNTIMES` says where their packages are installed.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = process.env.PINTLE_RUNTIMES;
if (!root) throw new Error("PINTLE_RUNTIMES is not set: these tests are run by `cargo xtask test --only runtimes`");

/** A package of the list. */
export const tool = createRequire(join(root, "package.json"));
tool.root = root;

// Of Deno the list has the package for Linux alone: on other platforms its test is skipped.

/** A runtime that is one executable in the package of its platform; `undefined` if that was not installed. */
export function program(name) {
  const { platform, arch } = process;
  const candidates = {
    deno: [`@deno/${platform}-${arch}-glibc/deno`, `@deno/${platform}-${arch}/deno`],
    bun: [`@oven/bun-${platform}-${arch}/bin/bun`],
    workerd: [`@cloudflare/workerd-${platform}-64/bin/workerd`, `@cloudflare/workerd-${platform}-${arch}/bin/workerd`],
    chromium: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  }[name].map((path) => resolve(root, "node_modules", path));
  return candidates.find((path) => existsSync(path));
}

/** The options of a test that needs a runtime: it is skipped where there is none, but never where `CI` is set. */
export function needs(name) {
  return { skip: !program(name) && !process.env.CI && `${name} is not installed here` };
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** Serves the files of a directory with some headers, until the test ends: the address. */
export async function files(t, directory, headers = {}) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const file = await readFile(join(directory, path === "/" ? "index.html" : path)).catch(() => undefined);
    response.writeHead(file ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "text/html", ...headers }).end(file);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Builds a page with Vite. */
export async function bundled(root, outDir) {
  const { build } = await import(tool.resolve("vite"));
  await build({ root, build: { outDir, emptyOutDir: true, target: "es2022" }, logLevel: "warn" });
}

/** Starts a server, until the test ends: the first line that it prints. */
export async function served(t, file, ...args) {
  const server = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => server.kill());
  return new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).once("line", resolve);
    server.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

/** The system's Chromium. */
export function chromium() {
  return tool("playwright-core").chromium.launch({ executablePath: program("chromium"), args: ["--no-sandbox"] });
}
