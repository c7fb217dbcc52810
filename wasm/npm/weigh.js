// What the JavaScript of the package weighs, as pages load it.

import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * What may be loaded before anything is called, in bytes of gzip -9: what it may weigh today, and what it is to come down to. A page
 * without a bundler loads all of it; a bundler that splits leaves out what is not imported, and what `import()` brings later.
 */
const IMPORTS = {
  "all of it": { code: 'export * from "pintle"', most: 13_700, goal: 8 * 1024 },
  "a client": { code: 'export { connect, Contract, RpcError } from "pintle"', most: 13_700, goal: 8 * 1024 },
  "a server": { code: 'export { Server, Contract, RpcError } from "pintle"', most: 13_700, goal: 8 * 1024 },
};

/** Prints the weights of a package, and holds them. */
export async function weigh(esbuild, directory) {
  const modules = join(dirname(directory), "weighed/node_modules");
  mkdirSync(modules, { recursive: true });
  symlinkSync(directory, join(modules, "pintle"), "dir");
  for (const [name, { code, most, goal }] of Object.entries(IMPORTS)) {
    const { length } = gzipSync(await loaded(esbuild, modules, code), { level: 9 });
    console.log(`JavaScript, ${name}: ${length} bytes gzip -9, of at most ${most}; the goal is ${goal}`);
    if (length > most) {
      console.error(`the JavaScript of ${name} is too large`);
      process.exitCode = 1;
    }
  }
}

/** A script and all that it imports, one behind the other. */
async function loaded(esbuild, modules, contents) {
  const { outputFiles, metafile } = await esbuild.build({
    stdin: { contents, resolveDir: dirname(modules) },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["browser"],
    outdir: dirname(modules),
    absWorkingDir: dirname(modules),
    metafile: true,
    write: false,
  });
  const texts = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  const found = new Set();
  const take = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const { path, kind } of metafile.outputs[name].imports) if (kind !== "dynamic-import") take(path);
  };
  take("stdin.js");
  return Buffer.concat(Array.from(found, (name) => texts.get(join(dirname(modules), name))));
}
