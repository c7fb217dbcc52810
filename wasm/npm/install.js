// Installs the package that `build.js` packed as its users do.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Into a fresh project called `name` in `out`, which is where the tarball lies: its directory. */
export function install(out, name) {
  const project = join(out, name);
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  const tarball = readdirSync(out).find((name) => name.endsWith(".tgz"));
  const npm = ["install", "--no-audit", "--no-fund", "--no-save", "--offline", "--ignore-scripts", "--silent", join(out, tarball)];
  execFileSync("npm", npm, { cwd: project, stdio: "inherit" });
  return project;
}
