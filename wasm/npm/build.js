// `node build.js BINDING PACKAGES OUT VERSION`: makes the package.
//
// BINDING is the directory of the module and its binding, BINDING-slim that of the one without the contract language,
// BINDING-dialects that of the one with the dialects, PACKAGES the one that holds `node_modules`. In OUT, `package` is what is
// published and `pintle-VERSION.tgz` is it packed. The sizes that have a budget are printed, and held.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";

import { weigh } from "./weigh.js";

const here = import.meta.dirname;
const [binding, packages, out] = process.argv.slice(2, 5).map((path) => resolve(path));
const version = process.argv[5];
const esbuild = createRequire(join(packages, "package.json"))("esbuild");

const manifest = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
if (manifest.version !== version) {
  throw new Error(`wasm/npm/package.json says version ${manifest.version}, the workspace ${version}: make them equal`);
}

rmSync(out, { recursive: true, force: true });
const [source, dist] = [join(out, "source"), join(out, "package/dist")];
mkdirSync(dist, { recursive: true });

// The binding and the module are files among the sources.
cpSync(join(here, "src"), join(source, "src"), { recursive: true });
cpSync(join(here, "tsconfig.json"), join(source, "tsconfig.json"));
writeFileSync(join(source, "package.json"), '{ "type": "module", "sideEffects": ["./src/early.ts", "./src/entry/*"] }\n');
bind(binding, "binding");
bind(`${binding}-dialects`, "binding-dialects");
const module = readFileSync(join(binding, "pintle_wasm_bg.wasm"));
writeFileSync(join(dist, "core.wasm"), module);
// The same without the contract language, for those who bring contracts as JSON.
cpSync(join(`${binding}-slim`, "pintle_wasm_bg.wasm"), join(dist, "slim.wasm"));
// And with the dialects.
cpSync(join(`${binding}-dialects`, "pintle_wasm_bg.wasm"), join(dist, "dialects.wasm"));
writeFileSync(join(dist, "inline-bytes.js"), `export const bytes = "${module.toString("base64")}";\n`);

const tsc = [join(packages, "node_modules/typescript/bin/tsc"), "-p", source, "--outDir", dist];
execFileSync(process.execPath, tsc, { stdio: "inherit" });

// The entries, with few files that they share, because each is a request of a page; those of the dialects apart, with a binding
// of their own. What runs guests is a file for itself, and what serves HTTP, with copies of the little that they share; and so is the inside
// of guests' Workers, which bundlers take as it is.
const entries = readdirSync(join(source, "src/entry"), { withFileTypes: true }).map(({ name }) => name);
const dialects = entries.filter((name) => name.startsWith("dialects"));
const others = entries.filter((name) => !dialects.includes(name) && name !== "guest-worker.ts");
const apart = [
  resolved(/\/guest\/open\.js$/, { path: "./guest.js", external: true }),
  resolved(/\/http\.js$/, { path: "./http.js", external: true }),
];
await bundle({ entryPoints: inside(others), chunkNames: "[name]-[hash]", plugins: apart });
await bundle({
  entryPoints: inside(dialects),
  chunkNames: "dialects-[name]-[hash]",
  plugins: [...apart, resolved(/\/binding\.js$/, { path: join(source, "src/binding-dialects.js") })],
});
await bundle({ entryPoints: { guest: join(source, "src/guest/open.ts"), http: join(source, "src/http.ts") }, splitting: false });
await bundle({ entryPoints: inside(["guest-worker.ts"]), splitting: false });

/** A binding, with what its module imports as one object. The declarations are those of the one that has more. */
function bind(directory, name) {
  const text = readFileSync(join(directory, "pintle_wasm_bg.js"), "utf8");
  const imported = Array.from(text.matchAll(/^export function (__wb(?!g_set_wasm)\w+)/gm), ([, name]) => name);
  // Nothing here disposes of its objects that way, and bundlers would keep classes for it that nobody uses.
  const lean = text.replace(/^if \(Symbol\.dispose\) .*$/gm, "");
  writeFileSync(join(source, `src/${name}.js`), `${lean}\nexport const imports = { ${imported.join()} };\n`);
  const more = "export const imports: WebAssembly.ModuleImports;\nexport function __wbg_set_wasm(exports: WebAssembly.Exports): void;\n";
  writeFileSync(join(source, "src/binding.d.ts"), `${readFileSync(join(directory, "pintle_wasm.d.ts"), "utf8")}\n${more}`);
}

function inside(names) {
  return Object.fromEntries(names.map((name) => [basename(name, ".ts"), join(source, "src/entry", name)]));
}

function resolved(filter, to) {
  return { name: "resolved", setup: (build) => build.onResolve({ filter }, () => to) };
}

function bundle(options) {
  return esbuild.build({
    outdir: dist,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    define: { VERSION: JSON.stringify(version) },
    external: ["./*.wasm", "./inline-bytes.js"],
    ...options,
  });
}

delete manifest.devDependencies;
writeFileSync(join(out, "package/package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
cpSync(join(here, "README.md"), join(out, "package/README.md"));
for (const name of readdirSync(join(here, "../.."))) {
  if (name.startsWith("LICENSE")) cpSync(join(here, "../..", name), join(out, "package", name));
}
execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", out], { cwd: join(out, "package") });

// The modules are weighed where they are built.
weigh(dist);
