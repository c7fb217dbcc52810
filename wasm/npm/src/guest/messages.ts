// What the two sides of a guest in a Worker tell each other.

import type { Level, Told } from "./host.js";

/** To the Worker. */
export type Order =
  /** Answers are written into `answers`, if memory can be shared here. */
  | { readonly start: WebAssembly.Module | Uint8Array; readonly answers: SharedArrayBuffer | undefined }
  | { readonly call: string; readonly params: string }
  /** The rest of an answer, from this byte on. */
  | { readonly more: number };

/** From the Worker. */
export type Report =
  | { readonly started: readonly string[] | undefined }
  /** It could not start, or its call ended in this; it is of no use any more. */
  | { readonly failed: string; readonly isType: boolean }
  | { readonly answer: Uint8Array; readonly memory: number }
  | { readonly log: string; readonly level: Level }
  | { readonly ask: string; readonly given: readonly (Uint8Array | bigint | undefined)[] }
  | { readonly more: number };

/** Bytes of an answer that are handed over at once. */
const PIECE = 64 << 10;

/** In the shared memory: whether an answer is there, what it is, how long all of it is; then a piece of it. */
const [READY, KIND, LENGTH] = [0, 1, 2];
const HEAD = 16;

const KINDS = ["number", "bigint", "string", "object"];

export function shared(): SharedArrayBuffer | undefined {
  return typeof SharedArrayBuffer === "function" ? new SharedArrayBuffer(HEAD + PIECE) : undefined;
}

/** An answer on the way into another thread. */
export class Answered {
  readonly #kind: number;
  readonly #bytes: Uint8Array;

  constructor(told: Told) {
    this.#kind = KINDS.indexOf(typeof told);
    this.#bytes = told instanceof Uint8Array ? told : new TextEncoder().encode(String(told));
  }

  /** Writes what stands from a byte on, and wakes who waits. */
  write(memory: SharedArrayBuffer, from: number): void {
    const head = new Int32Array(memory, 0, HEAD / 4);
    new Uint8Array(memory, HEAD).set(this.#bytes.subarray(from, from + PIECE));
    [head[KIND], head[LENGTH]] = [this.#kind, this.#bytes.length];
    Atomics.store(head, READY, 1);
    Atomics.notify(head, READY);
  }
}

/** Waits for an answer; `more` asks for what stands from a byte on. */
export function waitFor(memory: SharedArrayBuffer, more: (from: number) => void): Told {
  const head = new Int32Array(memory, 0, HEAD / 4);
  const wait = () => {
    Atomics.wait(head, READY, 0);
    Atomics.store(head, READY, 0);
  };
  wait();
  const bytes = new Uint8Array(head[LENGTH]!);
  for (let at = 0; ; ) {
    const piece = new Uint8Array(memory, HEAD).subarray(0, bytes.length - at);
    bytes.set(piece, at);
    at += piece.length;
    if (at >= bytes.length) break;
    more(at);
    wait();
  }
  const kind = KINDS[head[KIND]!];
  if (kind === "object") return bytes;
  const text = new TextDecoder().decode(bytes);
  if (kind === "string") return text;
  return kind === "bigint" ? BigInt(text) : Number(text);
}
