// What the build puts beside the compiled sources.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/inline-bytes.js" {
  /** The module in base64. */
  export const bytes: string;
}
