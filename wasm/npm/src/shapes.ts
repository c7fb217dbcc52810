// Objects from what the core finds in a text while it checks it: the index (`core/src/index.rs`), read where it lies in the module's
// memory by functions that know the contract's structs.

import type { Idl, Reader, Shaper, Shaping, Type } from "./contract.js";
import type { Codec, Type as Types } from "./ints.js";

/** What `pintle gen ts` writes as `shapes`: functions that make the structs of a contract. */
export interface Shapes {
  /** The sum of what they depend on: another contract has another. */
  readonly layout: number;
  /** By the names of structs. */
  readonly structs: Readonly<Record<string, Read>>;
}

/** Makes the value that a slot says. What it is given is internal: it is called by this package alone. */
export type Read = (index: any, at: number) => unknown;

/**
 * The option `decode` of contracts: handlers, callers and `decode` are given objects that these functions make, sooner than `JSON.parse`
 * does, and without fields that the contract does not name.
 */
export function byShape(shapes: Shapes): Shaper {
  return { layout: shapes.layout, make: (idl, bigints, memory) => new Shaped(idl, shapes, bigints, memory) };
}

const ABSENT = 0x7ff80000;
const NULL = ABSENT + 1;
const ESCAPED = 2 ** 31;

/** What the bits of a place say beside those of an address. */
const NONE = 1;
const UNKNOWN = 2;
const REWRITTEN = 4;
const BITS = 7;

const NUMBER = /-?[\d.eE+-]+/y;

/** The index that was written last: what the functions of `Shapes` ask for the values of slots. */
class Index {
  private text = "";
  /** Where it is. */
  private address = 0;
  private halves = new Uint32Array();
  private doubles = new Float64Array();

  constructor(
    private readonly enums: Readonly<Record<string, readonly string[]>>,
    private readonly bigints: boolean,
    private readonly memory: WebAssembly.Memory,
  ) {}

  /** Reads all of an index of `text`. */
  whole(text: string, address: number, read: Read): unknown {
    // When a memory grows its old views lose their length.
    if (address !== this.address || this.halves.length === 0) {
      const { buffer } = this.memory;
      this.halves = new Uint32Array(buffer, address);
      this.doubles = new Float64Array(buffer, address);
      this.address = address;
    }
    this.text = text;
    try {
      return read(this, 0);
    } finally {
      this.text = "";
    }
  }

  has(at: number): boolean {
    return this.halves[2 * at + 1] !== ABSENT;
  }

  isNull(at: number): boolean {
    return this.halves[2 * at + 1] === NULL;
  }

  string(at: number): string {
    const start = this.halves[2 * at]!;
    const end = this.halves[2 * at + 1]!;
    return end < ESCAPED ? this.text.slice(start, end) : JSON.parse(this.text.slice(start - 1, end - ESCAPED + 1));
  }

  float(at: number): number {
    const value = this.doubles[at]!;
    return value === value ? value : this.far(at);
  }

  private far(at: number): number {
    NUMBER.lastIndex = this.halves[2 * at]! - 1;
    return Number(NUMBER.exec(this.text)![0]);
  }

  /** A `bigint` where those are asked for, else a `number`. */
  int(at: number): any {
    const value = this.doubles[at]!;
    if (!this.bigints) return value;
    if (value === value) return BigInt(value);
    const long = 2 * this.halves[2 * at]!;
    return BigInt.asIntN(64, (BigInt(this.halves[long + 1]!) << 32n) | BigInt(this.halves[long]!));
  }

  bool(at: number): boolean {
    return this.halves[2 * at] === 2;
  }

  choice(at: number, name: string): any {
    return this.enums[name]![this.halves[2 * at]! - 1];
  }

  /** The slot of a struct's first field. */
  inside(at: number): number {
    return this.halves[2 * at]!;
  }

  list<T>(at: number, read: (index: this, at: number) => T): T[] {
    const list: T[] = [];
    const first = this.halves[2 * at]!;
    const end = first + this.halves[2 * at + 1]!;
    for (let each = first; each < end; each += 1) list.push(read(this, each));
    return list;
  }

  map<T>(at: number, read: (index: this, at: number) => T): { [key: string]: T } {
    const map: { [key: string]: T } = {};
    const first = this.halves[2 * at]!;
    const end = first + 2 * this.halves[2 * at + 1]!;
    for (let key = first; key < end; key += 2) {
      const name = this.string(key);
      const value = read(this, key + 1);
      if (name in Object.prototype) this.own(map, name, value);
      else map[name] = value;
    }
    return map;
  }

  /** Makes a property whatever the prototype has of that name, as `JSON.parse` does. */
  own(object: object, name: string, value: unknown): void {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** How the values of a contract are made where its shapes are known. */
class Shaped implements Shaping {
  readonly #index: Index;
  readonly #shapes: Shapes;
  readonly #root: string;
  readonly #names: ReadonlySet<string>;
  /** By the names of structs the types of their fields, with the namespaces in which those are meant. */
  readonly #structs = new Map<string, ReadonlyMap<string, Meant>>();

  constructor({ rootNamespace, structs = [], enums = [] }: Idl, shapes: Shapes, bigints: boolean, memory: WebAssembly.Memory) {
    this.#shapes = shapes;
    this.#root = rootNamespace;
    const values: Record<string, readonly string[]> = Object.create(null);
    for (const { name, values: all = [] } of enums) values[name] = all.map(({ name }) => name);
    this.#index = new Index(values, bigints, memory);
    const byName = new Map(structs.map((struct) => [struct.name, struct]));
    this.#names = new Set([...byName.keys(), ...Object.keys(values)]);
    for (const struct of structs) {
      const known = new Map<string, Meant>();
      for (let at: typeof struct | undefined = struct; at; ) {
        const { namespace = "", fields = [] }: typeof struct = at;
        for (const { name, type } of fields) if (!known.has(name)) known.set(name, { type, namespace });
        at = at.extends === undefined ? undefined : byName.get(this.#name(at.extends, namespace));
      }
      this.#structs.set(struct.name, known);
    }
  }

  reader(type: Type, namespace: string, codec: Codec): Reader {
    const drop = (value: unknown) => this.#drop(value, type, namespace);
    return this.#faster(this.#nullable(type, namespace), type, codec, drop);
  }

  list(types: readonly Type[], namespace: string, codec: Codec): Reader {
    const reads = types.map((type) => this.#nullable(type, namespace));
    const read = (index: Index, at: number) => {
      const first = index.inside(at);
      return reads.map((read, place) => read(index, first + place));
    };
    return this.#faster(read, types, codec, (values) => types.forEach((type, at) => this.#drop((values as unknown[])[at], type, namespace)));
  }

  #faster(read: Read, type: Types, codec: Codec, drop: (value: unknown) => void): Reader {
    return (text, place, plain) => {
      // Where there is no index nobody has looked for unknown fields.
      const flags = place === 0 ? NONE + UNKNOWN : place & BITS;
      if ((flags & NONE) === 0 && (flags !== 0 || text.length >= LEAST)) return this.#index.whole(text, place - flags, read);
      const value = codec.read((flags & REWRITTEN) !== 0 && plain ? plain() : text, type);
      if ((flags & UNKNOWN) !== 0) drop(value);
      return value;
    };
  }

  #nullable(type: Type, namespace: string): Read {
    const read = this.#reader(type, namespace);
    return (index: Index, at) => (index.isNull(at) ? null : read(index, at));
  }

  #reader(type: Type, namespace: string): Read {
    if ("array" in type) {
      const read = this.#reader(type.array, namespace);
      return (index: Index, at) => index.list(at, read);
    }
    if ("mapValue" in type) {
      const read = this.#reader(type.mapValue, namespace);
      return (index: Index, at) => index.map(at, read);
    }
    if ("builtIn" in type) {
      const name = type.builtIn as "string" | "int" | "float" | "bool";
      return (index: Index, at) => index[name](at);
    }
    const name = this.#name(type.userDefined, namespace);
    const { structs } = this.#shapes;
    return this.#structs.has(name) ? structs[name]! : (index: Index, at) => index.choice(at, name);
  }

  /** Drops the fields that the contract does not name. */
  #drop(value: unknown, type: Type, namespace: string): void {
    if (typeof value !== "object" || value === null) return;
    const fields = "userDefined" in type ? this.#structs.get(this.#name(type.userDefined, namespace)) : undefined;
    const each = "array" in type ? type.array : "mapValue" in type ? type.mapValue : undefined;
    for (const key of Object.keys(value)) {
      const meant = each ? { type: each, namespace } : fields?.get(key);
      const held = value as Record<string, unknown>;
      if (meant) this.#drop(held[key], meant.type, meant.namespace);
      else delete held[key];
    }
  }

  /** The name that a definition has in the JSON form, by what it is called in a namespace. */
  #name(reference: string, namespace: string): string {
    const own = `${this.#root}.`;
    if (reference.startsWith(own)) return reference.slice(own.length);
    const qualified = `${namespace}.${reference}`;
    return this.#names.has(qualified) ? qualified : reference;
  }
}

/** A type as it stands in a namespace. */
interface Meant {
  readonly type: Type;
  readonly namespace: string;
}

/** Characters of the shortest text that an index is read of: JavaScriptCore, whose errors know their line, reads short JSON sooner. */
const LEAST = Object.hasOwn(new Error(), "line") ? 2_000 : 0;
