// What the build puts beside the compiled sources.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/inline.js" {
  /** The module in base64. */
  export const bytes: string;
}

// All that is used of Node.js: its types would be a dependency of users' compilers.
declare module "node:fs" {
  export function readFileSync(path: URL): Uint8Array<ArrayBuffer>;
}
