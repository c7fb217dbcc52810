// The module that all else runs on: loaded once, by an entry or by the user of `pintle/slim`.

import { __wbg_set_wasm as tell, imports } from "./binding.js";
import { found } from "./room.js";

/** Where the module comes from: its bytes, compiled or not, or where they are fetched from. */
export type Source = WebAssembly.Module | BufferSource | URL | Response | PromiseLike<Response>;

/** What it imports is the binding's own. */
const given = { "./pintle_wasm_bg.js": imports };

let isLoaded = false;

/** Loads the module; what is loaded already stays. */
export async function init(source: Source): Promise<void> {
  if (isLoaded) return;
  const found = await (source instanceof URL ? fetch(source) : source);
  const made: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource =
    found instanceof Response ? await arriving(found) : await WebAssembly.instantiate(found as WebAssembly.Module, given);
  begin("instance" in made ? made.instance : made);
}

/** The same at once. Browsers limit what is compiled on a page's own thread. */
export function initSync(source: WebAssembly.Module | BufferSource): void {
  if (isLoaded) return;
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
  if (isLoaded) return;
  isLoaded = true;
  tell(exports);
  found(exports);
  (exports as { __wbindgen_start(): void }).__wbindgen_start();
}
