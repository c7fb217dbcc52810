// A module with the most that its memories may grow to written into its bytes.

/** Bytes of a page of memory. */
const PAGE = 1 << 16;

/** Elements of a table: against guests that grow one instead of a memory. */
const ELEMENTS = 100_000;

const TABLES = 4;
const MEMORIES = 5;

/**
 * A copy of `module` whose memories together hold at most `limit` bytes.
 *
 * @throws If they begin with more, or are 64-bit; what is no module is left for the compiler to refuse.
 */
export function bounded(module: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  const out = new Bytes();
  const source = new Reader(module);
  out.push(source.take(8));
  while (!source.done) {
    const id = source.byte();
    const content = source.take(source.number());
    if (id !== TABLES && id !== MEMORIES) {
      out.push([id]).number(content.length).push(content);
      continue;
    }
    const section = new Reader(content);
    const rewritten = id === MEMORIES ? memories(section, limit) : tables(section);
    out.push([id]).number(rewritten.length).push(rewritten);
  }
  return out.bytes();
}

function memories(section: Reader, limit: number): Uint8Array {
  const count = section.number();
  const least: number[] = [];
  const most: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const { min, max } = section.limits();
    least.push(min);
    most.push(max ?? PAGE);
  }
  const spare = Math.floor(limit / PAGE) - least.reduce((sum, pages) => sum + pages, 0);
  if (spare < 0) throw new RangeError(`the module begins with more memory than ${limit} bytes`);
  const out = new Bytes().number(count);
  for (let at = 0; at < count; at += 1) {
    out.push([1]).number(least[at]!).number(Math.min(most[at]!, least[at]! + Math.floor(spare / count)));
  }
  return out.bytes();
}

function tables(section: Reader): Uint8Array {
  const count = section.number();
  const out = new Bytes().number(count);
  for (let at = 0; at < count; at += 1) {
    const type = section.byte();
    // Anything but a plain table of functions or references stays as it is: its form may be one that came later.
    if (type !== 0x70 && type !== 0x6f) return section.all();
    const { min, max } = section.limits();
    out.push([type, 1]).number(min).number(Math.max(min, Math.min(max ?? ELEMENTS, ELEMENTS)));
  }
  return out.bytes();
}

/** Reads a module's bytes. Throws a `CompileError` where they end too early. */
class Reader {
  at = 0;

  constructor(private readonly source: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.source.length;
  }

  all(): Uint8Array {
    return this.source;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  take(count: number): Uint8Array {
    const from = this.at;
    this.at += count;
    if (this.at > this.source.length) throw new WebAssembly.CompileError("the module ends too early");
    return this.source.subarray(from, this.at);
  }

  /** LEB128, of at most 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new WebAssembly.CompileError("the module has a number that is too long");
  }

  limits(): { min: number; max: number | undefined } {
    const flags = this.byte();
    if (flags > 1) throw new TypeError("the module has a memory or a table that is 64-bit or shared: it is no plugin");
    const min = this.number();
    return { min, max: flags === 1 ? this.number() : undefined };
  }
}

class Bytes {
  readonly #parts: ArrayLike<number>[] = [];
  #length = 0;

  push(part: ArrayLike<number>): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }

  number(value: number): this {
    const bytes: number[] = [];
    do {
      const low = value % 128;
      value = Math.floor(value / 128);
      bytes.push(value > 0 ? low + 128 : low);
    } while (value > 0);
    return this.push(bytes);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}
