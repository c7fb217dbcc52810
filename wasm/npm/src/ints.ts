// JSON whose integers have all 64 bits: as `bigint`s, where the contract says `int`.
//
// JSON.parse rounds numbers and JSON.stringify knows no bigint. So integers that a number may not hold travel through both as strings
// that begin with U+0000; strings that begin so themselves get one more.

import type { Idl, Type as Single } from "./contract.js";

/** A type of the contract, or those of a list of parameters. */
export type Type = Single | readonly Single[];

/** How parameters and results become values, and values text. Only types that may be wrong are `undefined`: those of unchecked values. */
export interface Codec {
  read(json: string, type: Type | undefined): unknown;
  /** JSON text; `undefined` for what has none. */
  write(value: unknown, type: Type | undefined): string | undefined;
}

/** For integers that a number holds: others never come here. */
export const NUMBERS: Codec = {
  read: (json) => JSON.parse(json),
  write: (value) => JSON.stringify(value),
};

const MARK = "\0";
const WRITTEN = '"\\u0000';

export class BigInts implements Codec {
  /** The types of fields, by the names of structs. */
  readonly #structs = new Map<string, Map<string, Single>>();

  constructor({ structs = [] }: Idl) {
    const byName = new Map(structs.map((struct) => [struct.name, struct]));
    for (const struct of structs) {
      const fields = new Map<string, Single>();
      for (let at: typeof struct | undefined = struct; at; at = at.extends === undefined ? undefined : byName.get(at.extends)) {
        for (const { name, type } of at.fields ?? []) fields.set(name, type);
      }
      this.#structs.set(struct.name, fields);
    }
  }

  read(json: string, type: Type | undefined): unknown {
    // What has neither long numbers nor marks of its own goes as it is.
    const marked = /\d{16}/.test(json) || json.includes(WRITTEN);
    const text = marked ? pieces(json, marks, (string, isName) => (!isName && string.startsWith(WRITTEN) ? WRITTEN + string.slice(1) : string)) : json;
    return this.#walk(JSON.parse(text), type, (value, type) => {
      const isMarked = typeof value === "string" && value.startsWith(MARK);
      if (isMarked && value[1] === MARK) return value.slice(1);
      const plain = isMarked ? value.slice(1) : value;
      if (isInt(type) && value !== null) return BigInt(plain as string | number);
      // Of a type that nobody knows here: what it would be without all this, unless that would round it.
      if (isMarked) return type || Number.isSafeInteger(Number(plain)) ? Number(plain) : BigInt(plain as string);
      return value;
    });
  }

  write(value: unknown, type: Type | undefined): string | undefined {
    this.#walk(value, type, (value, type) => {
      if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && isInt(type)) {
        throw new RangeError(`${value} may be rounded already: a bigint holds it`);
      }
      return value;
    });
    let marked = false;
    const mark = (value: unknown) => ((marked = true), `${MARK}${value}`);
    // Not the second argument for bigints: somebody may have given them a `toJSON`.
    const text = JSON.stringify(value, function (this: any, key, value) {
      if (typeof this[key] === "bigint") return mark(this[key]);
      return typeof value === "string" && value.startsWith(MARK) ? mark(value) : value;
    });
    if (!marked) return text;
    return pieces(text, (between) => between, (string, isName) => {
      if (isName || !string.startsWith(WRITTEN)) return string;
      const rest = string.slice(WRITTEN.length);
      return rest.startsWith(WRITTEN.slice(1)) ? `"${rest}` : rest.slice(0, -1);
    });
  }

  /** Puts what `visit` makes of each simple value in its place. Objects are changed only where that is another. */
  #walk(value: unknown, type: Type | undefined, visit: (value: unknown, type: Type | undefined) => unknown): unknown {
    if (typeof value !== "object" || value === null) return visit(value, type);
    const fields = type && "userDefined" in type ? this.#structs.get(type.userDefined) : undefined;
    const inner = (key: string) => {
      if (!type) return undefined;
      if (isList(type)) return type[Number(key)];
      if ("array" in type) return type.array;
      return "mapValue" in type ? type.mapValue : fields?.get(key);
    };
    for (const key of Object.keys(value)) {
      const before = (value as Record<string, unknown>)[key];
      const after = this.#walk(before, inner(key), visit);
      // An own property, also if its name is `__proto__`.
      if (after !== before) (value as Record<string, unknown>)[key] = after;
    }
    return value;
  }
}

function isInt(type: Type | undefined): boolean {
  return type !== undefined && "builtIn" in type && type.builtIn === "int";
}

function isList(type: Type): type is readonly Single[] {
  return Array.isArray(type);
}

/** Integers that a number may not hold, as marked strings. */
function marks(between: string): string {
  return between.replace(/-?\d[\d.eE+-]*/g, (number) => (/^-?\d{16,}$/.test(number) ? `${WRITTEN}${number}"` : number));
}

/** JSON text with its strings, which may be names, and what stands between them replaced. */
function pieces(json: string, between: (text: string) => string, string: (text: string, isName: boolean) => string): string {
  let out = "";
  const colon = /\s*:/y;
  for (let at = 0; ; ) {
    const open = json.indexOf('"', at);
    if (open < 0) return out + between(json.slice(at));
    let close = json.indexOf('"', open + 1);
    while (isEscaped(json, close)) close = json.indexOf('"', close + 1);
    colon.lastIndex = close + 1;
    out += between(json.slice(at, open)) + string(json.slice(open, close + 1), colon.test(json));
    at = close + 1;
  }
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(json: string, at: number): boolean {
  let from = at;
  while (json[from - 1] === "\\") from -= 1;
  return (at - from) % 2 === 1;
}
