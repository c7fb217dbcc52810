// The module's memory, where small texts cross without a buffer for each: the room is written here, the slate by the module.

import { decoder, encoder } from "./contract.js";
import { wasm } from "./core.js";

/** Bytes of the room. What is larger crosses as wasm-bindgen has it. */
export const ROOM = 16 << 10;

/** Units of a text that is written one by one. */
const SHORT = 64;

let bytes = new Uint8Array();
let room = bytes;
let slate: Uint32Array;

/** Views of a memory that has grown since are empty. */
function see(): void {
  if (bytes.length) return;
  const { memory, exchange_slate } = wasm as unknown as { memory: WebAssembly.Memory; exchange_slate(): number };
  const { buffer } = memory;
  const at = exchange_slate();
  bytes = new Uint8Array(buffer);
  slate = new Uint32Array(buffer, at, 6);
  room = new Uint8Array(buffer, at + slate.byteLength, ROOM);
}

/** Puts a body or a text into the room: its bytes; `undefined` if they may be too many. */
export function put(body: Uint8Array | string): number | undefined {
  const isText = typeof body === "string";
  // A unit of text has up to three bytes.
  if (body.length * (isText ? 3 : 1) > ROOM) return undefined;
  see();
  if (isText) {
    // The encoder of workerd takes ten times as long for a short text.
    return body.length <= SHORT && ascii(body, room) ? body.length : encoder.encodeInto(body, room).written;
  }
  room.set(body);
  return body.length;
}

/** Writes a text one unit a byte, as far as that can be done; whether it could be to the end. */
function ascii(text: string, to: Uint8Array): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) return false;
    to[at] = unit;
  }
  return true;
}

/** What the last crossing was about, until the next: a ticket, the number of a method, the places of texts. */
export function told(): Uint32Array {
  see();
  return slate;
}

/** The text whose place stands on the slate at `at`; `undefined` if there is none. */
export function text(at: number): string | undefined {
  const from = told()[at]!;
  const end = from + slate[at + 1]!;
  if (from === end) return undefined;
  // A decoder takes longer than this for a number, as most ids are.
  if (end - from > 8 || bytes[from]! < 0x2d || bytes[from]! > 0x39) return decoder.decode(bytes.subarray(from, end));
  let number = "";
  for (let next = from; next < end; next += 1) number += String.fromCharCode(bytes[next]!);
  return number;
}

/** A copy of the bytes whose place stands there. */
export function copy(at: number): Uint8Array {
  const from = told()[at]!;
  return bytes.slice(from, from + slate[at + 1]!);
}
