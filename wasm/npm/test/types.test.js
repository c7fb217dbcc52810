// The package's types with what `pintle gen ts` writes, under `tsc --strict` as users have it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { tool } from "./tools.js";

const OPTIONS = `--noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noImplicitOverride --isolatedModules
  --verbatimModuleSyntax --target es2022 --lib es2022,dom`.split(/\s+/);

/** Runs the compiler; its complaints fail the test. The package's own declarations are checked too. */
function tsc(...options) {
  const program = join(tool.root, "node_modules/typescript/bin/tsc");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...OPTIONS, ...options], { maxBuffer: 1 << 24 }, (error, stdout) => {
      if (error) reject(new Error(stdout || String(error)));
      else resolve(stdout);
    });
  });
}

const RESOLUTIONS = {
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
  nodenext: ["--module", "nodenext"],
};

for (const [name, options] of Object.entries(RESOLUTIONS)) {
  test(`servers and clients are typed by the contract, ${name}`, () => tsc(...options, join(import.meta.dirname, "types/usage.ts")));
}

test("the code of the README compiles", async (t) => {
  const readme = await readFile(join(import.meta.dirname, "../node_modules/pintle/README.md"), "utf8");
  const directory = await mkdtemp(join(import.meta.dirname, "types/readme-"));
  t.after(() => rm(directory, { recursive: true }));
  const generated = `export class Shy extends Error {
  static readonly code = 1;
  readonly code = 1;
  readonly cls = "Shy";
  readonly data: unknown;
  constructor(message = "Not today", data?: unknown) { super(message); this.data = data; }
}
export const errors = [Shy] as const;
export const contract = "{}";
export interface Greeter { Greeter: Greeter_ }
export interface Greeter_ { greet: { params: [name: string, times?: number | null]; named: { name: string }; result: string } }
`;
  await writeFile(join(directory, "greeter.gen.ts"), generated);
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
  assert.ok(blocks.length >= 4);
  const files = blocks.map((_, at) => join(directory, `block-${at}.ts`));
  await Promise.all(blocks.map((code, at) => writeFile(files[at], code)));
  await tsc(...RESOLUTIONS.bundler, ...files);
});

test("a contract of hundreds of methods stays quick", async (t) => {
  const directory = await mkdtemp(join(import.meta.dirname, "types/big-"));
  t.after(() => rm(directory, { recursive: true }));
  // The compiler's own count of its work, which is the same on every machine.
  const work = async (methods) => {
    const interfaces = Array.from({ length: methods / 10 }, (_, at) => at);
    const ten = Array.from({ length: 10 }, (_, at) => at);
    const generated = [
      `export interface Big { ${interfaces.map((i) => `I${i}: I${i};`).join(" ")} }`,
      ...interfaces.map(
        (i) => `export interface S${i} { f: string }
export interface I${i} { ${ten.map((m) => `m${m}: { params: [a: S${i}, b: number[]]; named: { a: S${i}; b: number[] }; result: S${i} };`).join("\n")} }`,
      ),
    ].join("\n");
    const use = `import { connect, Contract, Server } from "pintle";
import type { Big } from "./big.gen.js";
declare const contract: Contract;
const api = connect<Big>(contract, "http://x/");
export const server = new Server<Big>(contract, {
${interfaces.map((i) => `I${i}: { ${ten.map((m) => `m${m}: (a, b) => ({ f: a.f + b.length }),`).join(" ")} },`).join("\n")}
});
${interfaces.flatMap((i) => ten.map((m) => `api.I${i}.m${m}({ f: "" }, [1]).then((s) => s.f.length);`)).join("\n")}
`;
    const here = join(directory, `${methods}`);
    await mkdir(here);
    await writeFile(join(here, "big.gen.ts"), generated);
    await writeFile(join(here, "main.ts"), use);
    const report = await tsc(...RESOLUTIONS.bundler, "--extendedDiagnostics", join(here, "main.ts"));
    return Number(/Instantiations:\s+(\d+)/.exec(report)[1]);
  };
  const [few, many] = [await work(10), await work(300)];
  assert.ok(many - few < 300 * 100, `${few} instantiations for 10 methods, ${many} for 300`);
  t.diagnostic(`${(many - few) / 290} instantiations for each method`);
});
