// What is beside the compiled sources: first, what the build puts there.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/inline-bytes.js" {
  /** The module in base64. */
  export const bytes: string;
}

// All that is used of Node.js, Deno and Bun: their types would be a dependency of users' compilers. Not by `import`, for which Node.js
// would make a module of all that it has about files: a tenth of our time to load.
declare const process: { getBuiltinModule(name: "node:fs"): { readFileSync(path: URL): Uint8Array<ArrayBuffer> } };
