/**
 * Write a pintle plugin in AssemblyScript: this file beside yours, nothing else.
 *
 *     import { handle } from "./pintle";
 *     export { pintle_abi_1, pintle_alloc, pintle_call, pintle_free } from "./pintle";
 *
 *     handle("Greeter.greet", (params, out) => {
 *       out.string("Hello " + params.item(0).string);
 *     });
 *
 * Build it with `--use abort=NAME/abort` and `--exportStart _initialize`, as the page says. The host has checked the
 * parameters against the contract, and it checks the result.
 */

/** A JSON value that was read. What is not there is null, and reads as empty, 0 or false. */
export class Value {
  /** Of a list or an object. */
  items: Array<Value> = [];
  /** Of an object: the name of each item. */
  names: Array<string> = [];
  /** The text of a string; of anything else, as it was written. */
  string: string = "";
  isNull: bool = true;

  get length(): i32 {
    return this.items.length;
  }
  get int(): i64 {
    return this.string.length ? I64.parseInt(this.string) : 0;
  }
  get float(): f64 {
    return this.string.length ? F64.parseFloat(this.string) : 0;
  }
  get bool(): bool {
    return this.string == "true";
  }
  /** An item of a list. */
  item(at: i32): Value {
    return at >= 0 && at < this.items.length ? this.items[at] : NOTHING;
  }
  /** A member of an object. */
  member(name: string): Value {
    return this.item(this.names.indexOf(name));
  }
}

const NOTHING = new Value();

/** Writes the result. Commas and escapes are put where they belong. In an object, a key goes before each value. */
export class Out {
  private parts: Array<string> = [];
  private comma: bool = false;
  private failed: bool = false;

  /** A value that is JSON already. */
  json(text: string): void {
    if (this.comma) this.parts.push(",");
    this.parts.push(text);
    this.comma = true;
  }
  null(): void {
    this.json("null");
  }
  bool(value: bool): void {
    this.json(value ? "true" : "false");
  }
  int(value: i64): void {
    this.json(value.toString());
  }
  float(value: f64): void {
    this.json(isFinite(value) ? value.toString() : "null");
  }
  string(value: string): void {
    this.json(quoted(value));
  }
  beginList(): void {
    this.json("[");
    this.comma = false;
  }
  endList(): void {
    this.parts.push("]");
    this.comma = true;
  }
  beginObject(): void {
    this.json("{");
    this.comma = false;
  }
  key(name: string): void {
    this.json(quoted(name));
    this.parts.push(":");
    this.comma = false;
  }
  endObject(): void {
    this.parts.push("}");
    this.comma = true;
  }
  /**
   * Answers an error in place of everything that was written. Of the codes from -32768 to -32000 the host passes on
   * -32602 alone, for parameters that make no sense; any other of these becomes an Internal error.
   */
  fail(code: i32, message: string): void {
    this.parts = ['{"code":' + code.toString() + ',"message":' + quoted(message) + "}"];
    this.failed = true;
  }
  /** What the host reads; once `fail` was called, only that counts. */
  answer(): string {
    if (this.failed) return '{"error":' + this.parts[0] + "}";
    return '{"result":' + this.parts.join("") + "}";
  }
}

/** Runs a method: reads `params`, a list by position, and writes one value, or calls `out.fail`. */
export type Handler = (params: Value, out: Out) => void;

const handlers = new Map<string, Handler>();

/** Says what runs `Interface.method`. A handler is a function without a closure. */
export function handle(method: string, handler: Handler): void {
  handlers.set(method, handler);
}

// What a plugin may ask of its host. What needs a grant of the manifest answers NOT_GRANTED without it.

export const DONE = 0;
export const NO_CONNECTION = -1;
export const NOT_GRANTED = -2;
export const INVALID = -3;
export const FULL = -4;
/** `kvSwap` came too late. */
export const LOST = 1;

export enum Level {
  Error,
  Warn,
  Info,
  Debug,
  Trace,
}

/** A line for the host's log. */
export function log(level: Level, line: string): void {
  const bytes = utf8(line);
  hostLog(level, changetype<usize>(bytes), bytes.byteLength);
}

/** Who calls, and how: an object. */
export function context(): Value {
  const bytes = new ArrayBuffer(hostContext(0, 0));
  hostContext(changetype<usize>(bytes), bytes.byteLength);
  return parse(String.UTF8.decode(bytes));
}

/** Calls another interface of the same server. `params` is a JSON list; the answer has `result` or `error`, or is null. */
export function call(method: string, params: string): Value {
  const a = utf8(method);
  const b = utf8(params);
  return parse(taken(hostCall(changetype<usize>(a), a.byteLength, changetype<usize>(b), b.byteLength)));
}

/** The same with a connection's peer; "" is the caller's own connection. */
export function request(connection: string, method: string, params: string): Value {
  const a = utf8(connection);
  const b = utf8(method);
  const c = utf8(params);
  const answer = hostRequest(
    changetype<usize>(a), a.byteLength, changetype<usize>(b), b.byteLength, changetype<usize>(c), c.byteLength,
  );
  return parse(taken(answer));
}

/** Notifies a connection's peer; "*" is every connection that the plugin may reach. */
export function send(connection: string, method: string, params: string): i32 {
  const a = utf8(connection);
  const b = utf8(method);
  const c = utf8(params);
  return hostSend(
    changetype<usize>(a), a.byteLength, changetype<usize>(b), b.byteLength, changetype<usize>(c), c.byteLength,
  );
}

/** A value of the plugin's bucket; null if there is no such key, or no grant. */
export function kvGet(key: string): string | null {
  const a = utf8(key);
  const answer = hostKvGet(changetype<usize>(a), a.byteLength);
  return answer < 0 ? null : taken(answer);
}

export function kvSet(key: string, value: string): i32 {
  const a = utf8(key);
  const b = utf8(value);
  return hostKvSet(changetype<usize>(a), a.byteLength, changetype<usize>(b), b.byteLength);
}

export function kvDelete(key: string): i32 {
  const a = utf8(key);
  return hostKvDelete(changetype<usize>(a), a.byteLength);
}

/** Sets the key if its value is `old` (null: if it is absent); LOST if it is not. */
export function kvSwap(key: string, old: string | null, value: string): i32 {
  const a = utf8(key);
  const b = utf8(old === null ? "" : old);
  const c = utf8(value);
  const oldLength = old === null ? -1 : b.byteLength;
  return hostKvCas(
    changetype<usize>(a), a.byteLength, changetype<usize>(b), oldLength, changetype<usize>(c), c.byteLength,
  );
}

@external("pintle", "log")
declare function hostLog(level: i32, line: usize, length: i32): void;
@external("pintle", "context")
declare function hostContext(to: usize, capacity: i32): i32;
@external("pintle", "call")
declare function hostCall(method: usize, methodLength: i32, params: usize, paramsLength: i32): i64;
@external("pintle", "request")
declare function hostRequest(
  connection: usize, connectionLength: i32, method: usize, methodLength: i32, params: usize, paramsLength: i32,
): i64;
@external("pintle", "send")
declare function hostSend(
  connection: usize, connectionLength: i32, method: usize, methodLength: i32, params: usize, paramsLength: i32,
): i32;
@external("pintle", "kv_get")
declare function hostKvGet(key: usize, keyLength: i32): i64;
@external("pintle", "kv_set")
declare function hostKvSet(key: usize, keyLength: i32, value: usize, valueLength: i32): i32;
@external("pintle", "kv_delete")
declare function hostKvDelete(key: usize, keyLength: i32): i32;
@external("pintle", "kv_cas")
declare function hostKvCas(
  key: usize, keyLength: i32, old: usize, oldLength: i32, value: usize, valueLength: i32,
): i32;

// What the host calls.

export const pintle_abi_1: i32 = 1;

// The host holds its address until it frees it.
let answer: ArrayBuffer = new ArrayBuffer(0);

export function pintle_alloc(length: i32): usize {
  return length < 0 ? 0 : heap.alloc(length);
}

export function pintle_call(method: usize, methodLength: i32, params: usize, paramsLength: i32): i64 {
  const name = String.UTF8.decodeUnsafe(method, methodLength);
  const text = String.UTF8.decodeUnsafe(params, paramsLength);
  heap.free(method);
  heap.free(params);
  const out = new Out();
  // The host tells the operator of a plugin that does not know its own methods.
  if (handlers.has(name)) handlers.get(name)(parse(text), out);
  else out.fail(-32601, "Method not found");
  answer = utf8(out.answer());
  return ((<i64>changetype<usize>(answer)) << 32) | answer.byteLength;
}

export function pintle_free(address: usize, length: i32): void {
  answer = new ArrayBuffer(0);
}

/** What a failed assertion runs: without it, the guest would want a function of JavaScript. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const what = message === null ? "abort" : message;
  const where = file === null ? "" : " at " + file + ":" + line.toString();
  log(Level.Error, what + where);
  unreachable();
}

/** The text behind an address and a length that the host answered. */
function taken(answer: i64): string {
  if (answer == -1) return "";
  const address = <usize>((<u64>answer) >> 32);
  const text = String.UTF8.decodeUnsafe(address, <usize>(answer & 0xffff_ffff));
  heap.free(address);
  return text;
}

function utf8(text: string): ArrayBuffer {
  return String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
}

function quoted(text: string): string {
  let out = '"';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c >= 0x20 && c != 0x22 && c != 0x5c) continue;
    out += text.substring(from, at);
    out += c < 0x20 ? "\\u00" + (c < 16 ? "0" : "") + c.toString(16) : "\\" + text.charAt(at);
    from = at + 1;
  }
  return out + text.substring(from) + '"';
}

// Reading. The host hands over JSON that it has checked: there is nothing left to refuse, and its depth is bounded.

let input: string = "";
let position: i32 = 0;

function parse(text: string): Value {
  input = text;
  position = 0;
  return text.length ? value() : NOTHING;
}

function space(): i32 {
  while (position < input.length && input.charCodeAt(position) <= 0x20) position++;
  return input.charCodeAt(position);
}

function value(): Value {
  const read = new Value();
  const first = space();
  if (first == 0x22) {
    read.string = text();
    read.isNull = false;
  } else if (first == 0x5b || first == 0x7b) {
    read.isNull = false;
    position++;
    for (let c = space(); c != 0x5d && c != 0x7d; c = space()) {
      if (first == 0x7b) {
        read.names.push(text());
        space();
        position++;
      }
      read.items.push(value());
      if (space() == 0x2c) position++;
    }
    position++;
  } else {
    const from = position;
    while (position < input.length && !isEnd(input.charCodeAt(position))) position++;
    const literal = input.substring(from, position);
    read.isNull = literal == "null";
    if (!read.isNull) read.string = literal;
  }
  return read;
}

function isEnd(c: i32): bool {
  return c <= 0x20 || c == 0x2c || c == 0x5d || c == 0x7d;
}

function text(): string {
  let out = "";
  let from = ++position;
  for (let c = input.charCodeAt(position); c != 0x22; c = input.charCodeAt(position)) {
    if (c != 0x5c) {
      position++;
      continue;
    }
    out += input.substring(from, position);
    const escape = input.charAt(position + 1);
    if (escape == "u") {
      out += String.fromCharCode(<i32>I32.parseInt(input.substring(position + 2, position + 6), 16));
      position += 4;
    } else {
      const known = "bfnrt".indexOf(escape);
      out += known < 0 ? escape : "\b\f\n\r\t".charAt(known);
    }
    position += 2;
    from = position;
  }
  return out + input.substring(from, position++);
}
