// `node bench.js OUT PEERS RUNTIMES`: what a checked call costs in JavaScript, beside what people write by hand and other libraries.
//
// OUT is where `build.js` packed the package, PEERS where those of `package.json` are, RUNTIMES where workerd and esbuild are. All sides
// answer the same bytes by the same handler, in one process, in turns. The best round of each counts; only ratios mean anything.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { install } from "../install.js";
import { SCHEMAS } from "./order.js";
import { sides } from "./sides.js";

const [out, peers, runtimes] = process.argv.slice(2, 5).map((path) => resolve(path));
const project = install(out, "bench");
const from = (directory) => createRequire(join(directory, "package.json"));
const dist = join(project, "node_modules/pintle/dist");
const pintle = await import(pathToFileURL(join(dist, "node.js")));
const text = readFileSync(join(import.meta.dirname, "../../../examples/checkout/checkout.pulse"), "utf8");
const Ajv = from(peers)("ajv").default;

await inNode();
await inWorkerd();
cold();

async function inNode() {
  const { JSONRPCServer } = from(peers)("json-rpc-2.0");
  const ajv = new Ajv();
  const checks = Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, ajv.compile(schema)]));
  const all = sides(pintle, text, checks, { JSONRPCServer, jayson: from(peers)("jayson") });
  await compare(`Node.js ${process.version}`, all, async (title, side, calls) => {
    const run = all[title][side];
    for (let left = calls; left > 0; left -= 1) await run();
  });
}

async function inWorkerd() {
  const ajv = new Ajv({ code: { source: true, esm: true }, schemas: Object.entries(SCHEMAS).map(([name, schema]) => ({ ...schema, $id: name })) });
  const code = from(peers)("ajv/dist/standalone").default(ajv, Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, name])));
  const here = import.meta.dirname;
  const bundle = await from(runtimes)("esbuild").build({
    entryPoints: [join(here, "worker.js")],
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    external: ["*.wasm"],
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
    outfile: "/bundle/app/worker.js",
    write: false,
  });
  const worker = new (from(runtimes)("miniflare").Miniflare)({
    compatibilityDate: "2025-01-01",
    modulesRoot: "/bundle",
    modules: [
      { type: "ESModule", path: "/bundle/app/worker.js", contents: bundle.outputFiles[0].text },
      { type: "CompiledWasm", path: "/bundle/app/core.wasm", contents: readFileSync(join(dist, "core.wasm")) },
    ],
  });
  const { JSONRPCServer } = from(peers)("json-rpc-2.0");
  const all = sides(pintle, text, {}, { JSONRPCServer });
  await compare("workerd", all, async (title, side, calls) => {
    const url = new URL("http://localhost/");
    for (const [name, value] of Object.entries({ title, side, calls })) url.searchParams.set(name, value);
    const { status } = await worker.dispatchFetch(url);
    if (status !== 200) throw new Error(`${side} failed in workerd`);
  });
  await worker.dispose();
}

/** Times the sides of each comparison in turns, and prints what the first takes of the time of each. */
async function compare(where, all, run) {
  for (const [title, sides] of Object.entries(all)) {
    const names = Object.keys(sides);
    const best = new Map(names.map((name) => [name, Infinity]));
    for (let round = 0; round < 12; round += 1) {
      for (const name of names) {
        const calls = 20_000;
        const start = process.hrtime.bigint();
        await run(title, name, calls);
        const each = Number(process.hrtime.bigint() - start) / calls;
        // Engines take a while until they have compiled all of it.
        if (round >= 2) best.set(name, Math.min(best.get(name), each));
      }
    }
    const [mine] = best.values();
    console.log(`\n${where}: ${title}`);
    for (const [name, each] of best) console.log(`  ${name.padEnd(34)} ${(each / 1000).toFixed(2).padStart(7)} µs   pintle takes ${(mine / each).toFixed(2)} of it`);
  }
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
