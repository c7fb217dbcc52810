// The module that all else runs on: loaded once, by an entry or by the user of `pintle/slim`.

import start, { initSync as startSync } from "./binding.js";

/** Where the module comes from: its bytes, compiled or not, or where they are fetched from. */
export type Source = WebAssembly.Module | BufferSource | URL | Response | PromiseLike<Response>;

/** Loads the module; what is loaded already stays. */
export async function init(source: Source): Promise<void> {
  await start({ module_or_path: source as BufferSource });
}

/** The same at once. Browsers limit what is compiled on a page's own thread. */
export function initSync(source: WebAssembly.Module | BufferSource): void {
  startSync({ module: source });
}
