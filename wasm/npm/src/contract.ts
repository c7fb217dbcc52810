import { Contract as Core } from "./binding.js";
import { Decoder, type DecodeOptions } from "./decode.js";
import { wasm } from "./core.js";
import type { Codec } from "./ints.js";

/** One finding of a validation. */
export interface Problem {
  /** Where: `.address.city`, `.items[2]`, `.tags["a b"]`, empty for the whole; in a call the first segment is the parameter's name. */
  readonly path: string;
  /** A type of the contract, or `one of a, b, …`. */
  readonly expected: string;
  /** What stood there: `string`, `missing`, `out-of-range`, …, or the quoted text that is no value of the enum. */
  readonly got: string;
}

/** What became of a validation. */
export interface Validation {
  readonly valid: boolean;
  /** All problems as one line. */
  readonly error: string | undefined;
  /** The paths of the problems. */
  readonly invalidFields: readonly string[];
  readonly problems: readonly Problem[];
}

/** A type in a contract's JSON form. */
export type Type =
  | { readonly builtIn: string }
  | { readonly userDefined: string }
  | { readonly array: Type }
  | { readonly mapValue: Type };

/** What this package reads of a contract's JSON form. */
export interface Idl {
  readonly rootNamespace: string;
  readonly interfaces?: readonly { readonly name: string; readonly namespace?: string; readonly methods?: readonly IdlMethod[] }[];
  readonly structs?: readonly {
    readonly name: string;
    readonly namespace?: string;
    readonly extends?: string;
    readonly fields?: readonly { readonly name: string; readonly type: Type }[];
  }[];
  readonly enums?: readonly { readonly name: string; readonly values?: readonly { readonly name: string }[] }[];
  readonly errors?: readonly { readonly name: string; readonly code: number }[];
}

export interface IdlMethod {
  readonly name: string;
  readonly parameters?: readonly { readonly name: string; readonly type: Type }[];
  readonly returnType: Type | null;
}

/** How values are made, by `byShape` of `pintle/shapes`. What it has is internal. */
export interface Shaper {
  readonly layout: number;
  make(idl: Idl, bigints: boolean, memory: WebAssembly.Memory): Shaping;
}

/** What makes the values of one contract. Internal. */
export interface Shaping {
  /** Reads values of a type as it stands in a namespace, which may be null. */
  reader(type: Type, namespace: string, codec: Codec): Reader;
  /** Reads lists of parameters. */
  list(types: readonly Type[], namespace: string, codec: Codec): Reader;
}

/**
 * Makes the value that `text` says by the faster way: of its index, which is at `place`, or as the codec does. Internal.
 *
 * @param plain The same text with its integers as digits, if it is not that itself.
 */
export type Reader = (text: string, place: number, plain?: () => string) => unknown;

/** A contract: what a server promises and a client relies on. Immutable. */
export class Contract {
  /** @internal The contract in the module. */
  readonly core: Core;
  readonly #shaper: Shaper | undefined;
  #idl: Idl | undefined;
  readonly #decoders = new Map<string, Decoder>();

  private constructor(core: Core, shaper: Shaper | undefined) {
    this.core = core;
    this.#shaper = shaper;
    if (shaper && shaper.layout !== core.layout()) {
      throw new TypeError("the shapes were made of another contract: make them again, with `pintle gen ts`");
    }
  }

  /**
   * Reads `.pulse` text.
   *
   * @param options `name` stands in diagnostics. `imports` are the texts of the files that it imports, by the names in its imports,
   *   those of nested imports relative to the root's directory.
   *   `decode` as for `fromJSON`.
   * @throws An `Error` whose message shows each mistake with its line.
   */
  static parse(text: string, options: { name?: string; imports?: Readonly<Record<string, string>>; decode?: Shaper } = {}): Contract {
    return new Contract(Core.parse(options.name ?? "contract.pulse", text, JSON.stringify(options.imports ?? {})), options.decode);
  }

  /**
   * Reads the JSON form, as text or as the object that it is text of.
   *
   * @param options `decode` is how values are made of JSON: `byShape(shapes)` of `pintle/shapes`, with the `shapes` that `pintle gen ts`
   *   wrote. Without it `JSON.parse` does it.
   * @throws If the shapes are of another contract.
   */
  static fromJSON(json: string | object, options: { decode?: Shaper } = {}): Contract {
    return new Contract(Core.fromJSON(typeof json === "string" ? json : JSON.stringify(json)), options.decode);
  }

  /**
   * Checks a value against a type, by the same rules as calls.
   *
   * @param type The name of a struct or an enum, or `string`, `int`, `float`, `bool`.
   * @throws If there is no such type, or `JSON.stringify` refuses the value.
   */
  validate(type: string, value: unknown): Validation {
    // What JSON has no text for is no value of any type.
    const text = JSON.stringify(value) ?? "";
    const found = this.core.validate(type, encoder.encode(text));
    const problems: Problem[] = found === undefined ? [] : JSON.parse(found);
    return {
      valid: problems.length === 0,
      error: problems.length === 0 ? undefined : line(problems),
      invalidFields: problems.map(({ path }) => path),
      problems,
    };
  }

  /**
   * Reads JSON that must be of a type, by the same rules as calls: a checked value, as handlers are given them.
   *
   * @param type As for `validate`.
   * @param options `ints` and `unknown` are those of servers.
   * @throws An `Error` with `problems` if it is not of the type; or if there is no such type.
   */
  decode<T = unknown>(type: string, json: Uint8Array | string, options?: DecodeOptions): T {
    const key = options === undefined ? type : `${type} ${options.ints} ${options.unknown}`;
    let decoder = this.#decoders.get(key);
    if (!decoder) this.#decoders.set(key, (decoder = new Decoder(this, type, options ?? {})));
    return decoder.read(json) as T;
  }

  /** @internal What makes values, unless unknown fields are to be kept. */
  shaping(bigints: boolean, unknown: "keep" | undefined): Shaping | undefined {
    return unknown === "keep" ? undefined : this.#shaper?.make(this.toJSON(), bigints, wasm!["memory"] as WebAssembly.Memory);
  }

  /** The JSON form as an object: what `JSON.stringify(contract)` writes. */
  toJSON(): Idl {
    return (this.#idl ??= JSON.parse(this.core.toJSON()) as Idl);
  }

  /** The sum that peers compare: equal for contracts that mean the same. */
  get checksum(): string {
    return this.core.checksum();
  }

  /** A sum that sees everything but comments and the order of definitions. */
  get fingerprint(): string {
    return this.core.fingerprint();
  }

  /** Gives its memory back now instead of when it is collected. Servers and clients made of it go on. */
  free(): void {
    this.core.free();
  }
}

/** @internal */
export const encoder = new TextEncoder();
/** @internal */
export const decoder = new TextDecoder();

/** @internal Problems as one line for a person. */
export function line(problems: readonly Problem[]): string {
  return problems.map(({ path, expected, got }) => `${path || "the value"}: expected ${expected}, got ${got}`).join("; ");
}
