// The module that all else runs on: loaded once, by an entry or by the user of `pintle/slim`.

import { __wbg_set_wasm as tell, imports } from "./binding.js";

/** Where the module comes from: its bytes, compiled or not, or where they are fetched from. */
export type Source = WebAssembly.Module | BufferSource | URL | Response | PromiseLike<Response>;

/** What it imports is the binding's own. */
const given = { "./pintle_wasm_bg.js": imports };

/** What the module exports, once it is loaded. */
export let wasm: WebAssembly.Exports | undefined;

/** Loads the module; what is loaded already stays. */
export async function init(source: Source): Promise<void> {
  if (wasm) return;
  const come = await (source instanceof URL ? fetch(source) : source);
  const made: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource =
    come instanceof Response ? await arriving(come) : await WebAssembly.instantiate(come as WebAssembly.Module, given);
  begin("instance" in made ? made.instance : made);
}

/** The same at once. Browsers limit what is compiled on a page's own thread. */
export function initSync(source: WebAssembly.Module | BufferSource): void {
  if (wasm) return;
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  begin(new WebAssembly.Instance(module, given));
}

/** Compiles while it arrives, if its server says what it is. */
async function arriving(response: Response): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}, and no module`);
  if (response.headers.get("content-type") === "application/wasm") return WebAssembly.instantiateStreaming(response, given);
  return WebAssembly.instantiate(await response.arrayBuffer(), given);
}

function begin({ exports }: WebAssembly.Instance): void {
  // Somebody else may have been quicker.
  if (wasm) return;
  wasm = exports;
  tell(exports);
  (exports as { __wbindgen_start(): void }).__wbindgen_start();
}
