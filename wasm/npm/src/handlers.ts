import type { Idl } from "./contract.js";
import { Raw } from "./raw.js";

/** Throws if a handler has no interface in the contract, or no function of its own for each method. */
export function check(handlers: object, { interfaces = [] }: Idl): void {
  for (const [name, handler] of Object.entries(handlers) as [string, object][]) {
    const known = interfaces.find((each) => each.name === name);
    if (known === undefined) throw new TypeError(`the contract has no interface ${name}`);
    if (handler instanceof Raw) {
      if (handler.interfaces?.includes(name) !== false) continue;
      throw new TypeError(`the plugin serves ${handler.interfaces.join(", ") || "no interface"}, not ${name}`);
    }
    for (const { name: method } of known.methods ?? []) {
      // Own properties only: a contract may name a method `constructor`.
      if (Object.hasOwn(handler, method) && typeof (handler as Record<string, unknown>)[method] === "function") continue;
      throw new TypeError(`the handler of ${name} has no function ${method} of its own`);
    }
  }
}
