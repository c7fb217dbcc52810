// What a guest may keep: one store, with the bounds and the atomic changes of the native host.

import { Status, type Told } from "./host.js";
import type { Store } from "../store.js";

/** Bytes of a key and of a value, and what a bucket may hold: those of the native host. */
const KEY = 1 << 10;
const VALUE = 1 << 20;
const KEYS = 100_000;
const BYTES = 256 << 20;

/** Keys of one list. */
const LIST = 256;

const NOTHING = -1;
const LOST = 1;

/** Its changes are atomic, because nothing else runs meanwhile. */
export class Bucket {
  readonly #store: Store;
  #keys: number;
  #bytes: number;

  constructor(store: Store) {
    this.#store = store;
    ({ keys: this.#keys, bytes: this.#bytes } = store.usage());
  }

  /** Runs an import by its name. */
  run(name: string, [key, second, third]: readonly (Uint8Array | bigint | undefined)[]): Told {
    if (name === "kv_list") return this.#list(key as Uint8Array, second as Uint8Array);
    const at = key as Uint8Array;
    if (at.length === 0 || at.length > KEY) return Status.INVALID;
    const before = this.#store.get(at);
    switch (name) {
      case "kv_get":
        return before ?? NOTHING;
      case "kv_set":
        return this.#change(at, before, second as Uint8Array);
      case "kv_delete":
        return this.#change(at, before, undefined);
      case "kv_add":
        return this.#add(at, before, second as bigint);
      default:
        if (!same(before, second as Uint8Array | undefined)) return LOST;
        return this.#change(at, before, third as Uint8Array);
    }
  }

  #change(key: Uint8Array, before: Uint8Array | undefined, after: Uint8Array | undefined): number {
    if (after && after.length > VALUE) return Status.INVALID;
    const size = (value: Uint8Array | undefined) => (value ? key.length + value.length : 0);
    const [keys, bytes] = [Number(after !== undefined) - Number(before !== undefined), size(after) - size(before)];
    if (keys > 0 && this.#keys + keys > KEYS) return Status.FULL;
    if (bytes > 0 && this.#bytes + bytes > BYTES) return Status.FULL;
    if (after) this.#store.set(key, after);
    else if (before) this.#store.delete(key);
    this.#keys += keys;
    this.#bytes += bytes;
    return Status.DONE;
  }

  /** A counter is a number in decimal digits; a key that is not there counts as 0. */
  #add(key: Uint8Array, before: Uint8Array | undefined, delta: bigint): Told {
    const digits = before ? new TextDecoder().decode(before) : "0";
    if (!/^[+-]?\d{1,19}$/.test(digits)) return Status.INVALID;
    const sum = BigInt(digits.replace("+", "")) + delta;
    if (BigInt.asIntN(64, sum) !== sum) return Status.INVALID;
    return this.#change(key, before, new TextEncoder().encode(`${sum}`)) || sum;
  }

  #list(prefix: Uint8Array, after: Uint8Array): Told {
    if (prefix.length > KEY || after.length > KEY) return Status.INVALID;
    const keys = this.#store.list(prefix, after, LIST);
    return JSON.stringify(keys.map((key) => btoa(String.fromCharCode(...key))));
  }
}

function same(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (!one || !other) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
