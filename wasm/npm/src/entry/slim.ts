// Without the module: `init` is given it before anything else is used.

export { init, initSync, type Source } from "../core.js";
export * from "../index.js";
