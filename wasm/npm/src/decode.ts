import type { Contract as Core } from "./binding.js";
import { decoder, encoder, type Contract, line, type Problem, type Reader, type Type } from "./contract.js";
import { BigInts, NUMBERS, type Codec } from "./ints.js";

/** How values are read. */
export interface DecodeOptions {
  /** What an `int` is: a `number`, one that it may not hold exactly being out of range; or a `bigint` of 64 bits, every `int`. */
  ints?: "number" | "bigint";
  /** Keep fields that the contract does not name, which its shapes drop. Without shapes they are kept anyway. */
  unknown?: "keep";
}

/** Reads values of one type. */
export class Decoder {
  readonly #core: Core;
  readonly #name: string;
  readonly #id: number;
  readonly #type: Type;
  readonly #codec: Codec;
  readonly #shaped: Reader | undefined;

  constructor(contract: Contract, name: string, { ints, unknown }: DecodeOptions) {
    const idl = contract.toJSON();
    const bigints = ints === "bigint";
    const id = contract.core.typeId(name);
    if (id === undefined) throw new TypeError(`the contract has no type ${name}`);
    this.#core = contract.core.configure(JSON.stringify({ safe_ints: !bigints }));
    this.#name = name;
    this.#id = id;
    this.#type = ["string", "int", "float", "bool"].includes(name) ? { builtIn: name } : { userDefined: name };
    this.#codec = bigints ? new BigInts(idl) : NUMBERS;
    this.#shaped = contract.shaping(bigints, unknown)?.reader(this.#type, idl.rootNamespace, this.#codec);
  }

  read(json: Uint8Array | string): unknown {
    const bytes = typeof json === "string" ? encoder.encode(json) : json;
    if (this.#shaped === undefined) return this.#codec.read(this.#text(bytes), this.#type);
    const place = this.#core.find(this.#id, bytes);
    const text = place === 0 ? this.#text(bytes) : typeof json === "string" ? json : decoder.decode(bytes);
    return this.#shaped(text, place, () => this.#text(bytes));
  }

  /** Checked text, whose integers are digits. */
  #text(bytes: Uint8Array): string {
    const text = this.#core.text(this.#id, bytes);
    if (text !== undefined) return text;
    const problems: Problem[] = JSON.parse(this.#core.validate(this.#name, bytes) ?? "[]");
    throw Object.assign(new Error(`no ${this.#name}: ${line(problems)}`), { problems });
  }
}
