// `node prove.js OUT RUNTIMES GUESTS PINTLE [FILE…]`: installs the package that `build.js` packed into OUT as its users do, and runs the tests
// there, all or those of FILEs. RUNTIMES is the directory with the packages of `test/package.json`, GUESTS that of the guests' modules,
// PINTLE the native server.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { install } from "./install.js";

const here = import.meta.dirname;
const [out, runtimes, guests, pintle] = process.argv.slice(2, 6).map((path) => resolve(path));
const files = process.argv.slice(6);

const project = install(out, "project");
const tests = join(project, "test");
cpSync(join(here, "test"), tests, { recursive: true });
for (const name of ["awkward", "checkout", "imports"]) {
  cpSync(join(here, "../../toolchain/tests/generated", name, "typescript"), join(tests, "generated", name), { recursive: true });
}
cpSync(join(here, "../../toolchain/tests/generated/checkout/typescript"), join(tests, "types"), { recursive: true });
for (const name of ["browser", "bun", "checkout", "deno", "node", "worker"]) cpSync(join(here, "../../examples", name), join(project, "examples", name), { recursive: true });
cpSync(join(guests, "checkout.wasm"), join(project, "examples/checkout/checkout.wasm"));
const shared = join(here, "../../tests");
cpSync(join(shared, "contracts"), join(tests, "contracts"), { recursive: true });
const suites = execFileSync(process.execPath, [join(tests, "suites.js"), join(shared, "cases"), join(shared, "contracts")], {
  maxBuffer: 1 << 26,
});
writeFileSync(join(tests, "suites.gen.js"), suites);

const chosen = readdirSync(tests).filter((name) => name.endsWith(".test.js") && (files.length === 0 || files.includes(name)));
const node = ["--expose-gc", "--test", "--test-reporter=spec", ...chosen.map((name) => join(tests, name))];
const env = { ...process.env, PINTLE_RUNTIMES: runtimes, PINTLE_GUEST: join(guests, "pintle_test_guest.wasm"), PINTLE: pintle };
process.exitCode = spawnSync(process.execPath, node, { cwd: project, env, stdio: "inherit" }).status ?? 1;
