// `node bench.js OUT PEERS RUNTIMES`: what a checked call costs in JavaScript, beside what people write by hand and other libraries.
//
// OUT is where `build.js` packed the package, PEERS where those of `package.json` are, RUNTIMES where workerd and esbuild are. All sides
// answer the same bytes by the same handler, in one process, in turns. The best round of each counts; only ratios mean anything.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { install } from "../install.js";
import { compare } from "./compare.js";
import { SCHEMAS } from "./order.js";
import { sides } from "./sides.js";

const [out, peers, runtimes] = process.argv.slice(2, 5).map((path) => resolve(path));
const project = install(out, "bench");
const from = (directory) => createRequire(join(directory, "package.json"));
const dist = join(project, "node_modules/pintle/dist");
const { byShape } = await import(pathToFileURL(join(dist, "shapes.js")));
const pintle = { ...(await import(pathToFileURL(join(dist, "node.js")))), byShape };
const text = readFileSync(join(import.meta.dirname, "../../../examples/checkout/checkout.pulse"), "utf8");
const Ajv = from(peers)("ajv").default;
const generated = join(project, "checkout.gen.js");
const entryPoints = [join(import.meta.dirname, "../../../toolchain/tests/generated/checkout/typescript/checkout.gen.ts")];
await from(runtimes)("esbuild").build({ entryPoints, format: "esm", outfile: generated });
const given = { text, ...(await import(pathToFileURL(generated))) };

await inNode();
await inTerminals();
await inWorkerd();
cold();

async function inNode() {
  const { JSONRPCServer } = from(peers)("json-rpc-2.0");
  const ajv = new Ajv();
  const checks = Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, ajv.compile(schema)]));
  const all = sides(pintle, given, checks, { JSONRPCServer, jayson: from(peers)("jayson") });
  await compare(`Node.js ${process.version}`, all, async (title, side, calls) => {
    const run = all[title][side];
    for (let left = calls; left > 0; left -= 1) await run();
  });
}

/** One of the scripts here with all that it needs but the module: the text. What ajv makes of the schemas is code before it runs. */
async function bundled(script, condition, ajvs) {
  const code = from(peers)("ajv/dist/standalone").default(ajvs, Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, name])));
  const bundle = await from(runtimes)("esbuild").build({
    entryPoints: [join(import.meta.dirname, script)],
    bundle: true,
    format: "esm",
    platform: condition === "node" ? "node" : "browser",
    conditions: [condition],
    external: ["*.wasm", "./guest.js"],
    loader: { ".pulse": "text" },
    nodePaths: [join(project, "node_modules"), join(peers, "node_modules")],
    plugins: [
      {
        name: "checks",
        setup(build) {
          build.onResolve({ filter: /^checks$/ }, ({ path }) => ({ path, namespace: "checks" }));
          build.onLoad({ filter: /.*/, namespace: "checks" }, () => ({ contents: code, resolveDir: peers }));
        },
      },
    ],
    outdir: "/bundle/app",
    write: false,
  });
  return bundle.outputFiles[0].text;
}

/** The checks as code. */
function standalone() {
  return new Ajv({ code: { source: true, esm: true }, schemas: Object.entries(SCHEMAS).map(([name, schema]) => ({ ...schema, $id: name })) });
}

/** Deno and Bun, which print for themselves. */
async function inTerminals() {
  // Beside the module.
  const script = join(dist, "bench.js");
  writeFileSync(script, await bundled("terminal.js", "node", standalone()));
  const { platform, arch } = process;
  for (const [program, ...args] of [[`@deno/${platform}-${arch}-glibc/deno`, "run", "--no-prompt", "--no-remote", "--allow-read"], [`@oven/bun-${platform}-${arch}/bin/bun`]]) {
    const path = join(runtimes, "node_modules", program);
    if (existsSync(path)) execFileSync(path, [...args, script], { stdio: "inherit" });
  }
}

async function inWorkerd() {
  const code = await bundled("worker.js", "workerd", standalone());
  const worker = new (from(runtimes)("miniflare").Miniflare)({
    compatibilityDate: "2025-01-01",
    modulesRoot: "/bundle",
    modules: [
      { type: "ESModule", path: "/bundle/app/worker.js", contents: code },
      { type: "CompiledWasm", path: "/bundle/app/core.wasm", contents: readFileSync(join(dist, "core.wasm")) },
    ],
  });
  const { JSONRPCServer } = from(peers)("json-rpc-2.0");
  const all = sides(pintle, given, {}, { JSONRPCServer });
  const ask = async (title, side, calls) => {
    const url = new URL("http://localhost/");
    for (const [name, value] of Object.entries({ title, side, calls })) url.searchParams.set(name, value);
    const { status } = await worker.dispatchFetch(url);
    if (status !== 200) throw new Error(`${side} failed in workerd`);
  };
  // A request takes as long as a thousand calls.
  await compare("workerd", all, ask, 16);
  await worker.dispose();
}

/**
 * Processes that load the package and a contract. What Node.js takes by itself, to find a package and load as many files that are empty,
 * and to compile and start a module that does nothing, is told apart.
 */
function cold() {
  const empty = join(project, "node_modules/empty");
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, "package.json"), '{ "type": "module", "exports": { ".": { "types": "./entry.d.ts", "node": "./entry.js" } } }');
  const files = readFileSync(join(dist, "node.js"), "utf8").match(/from"/g).length;
  const names = Array.from({ length: files }, (_, at) => `shared-${at}.js`);
  for (const name of names) writeFileSync(join(empty, name), "export {};");
  writeFileSync(join(empty, "entry.js"), names.map((name) => `export * from "./${name}";`).join("\n"));

  const json = JSON.stringify(JSON.stringify(pintle.Contract.parse(text)));
  const wasm = JSON.stringify(join(dist, "core.wasm"));
  const times = {
    "Node.js's own: as many empty files": `await import("empty");`,
    "the package": `globalThis.pintle = await import("pintle");`,
    "  in it, the module: read, compiled, started": `
      const bytes = process.getBuiltinModule("node:fs").readFileSync(${wasm});
      const module = new WebAssembly.Module(bytes);
      const imports = WebAssembly.Module.imports(module).map(({ name }) => [name, () => {}]);
      new WebAssembly.Instance(module, { "./pintle_wasm_bg.js": Object.fromEntries(imports) });`,
    "then the contract, from JSON": `pintle.Contract.fromJSON(${json});`,
    "the same again": `pintle.Contract.fromJSON(${json});`,
  };
  // The third stands for itself, or the module would be compiled twice in one process.
  const runs = [[0], [1, 3, 4], [2]];
  const codes = Object.values(times);
  const best = new Map();
  for (let round = 0; round < 15; round += 1) {
    for (const parts of runs) {
      const code = parts.map((at) => `{ const start = performance.now(); ${codes[at]} times.push(performance.now() - start); }`).join("");
      const args = ["--input-type=module", "-e", `const times = []; ${code} console.log(JSON.stringify(times));`];
      const measured = JSON.parse(execFileSync(process.execPath, args, { cwd: project, encoding: "utf8" }));
      parts.forEach((part, at) => best.set(part, Math.min(best.get(part) ?? Infinity, measured[at])));
    }
  }
  console.log(`\nNode.js ${process.version}, cold, in milliseconds, the best of 15 processes`);
  Object.keys(times).forEach((name, at) => console.log(`  ${name.padEnd(46)} ${best.get(at).toFixed(1).padStart(5)}`));
}
