// What a guest asks of its host, whatever carries the question: a function in the same thread, or a message to another.

import type { Later } from "../types.js";

export type Level = "error" | "warn" | "info" | "debug" | "trace";

export const LEVELS: readonly Level[] = ["error", "warn", "info", "debug", "trace"];

/** Statuses that a guest is answered. */
export const Status = { DONE: 0, NO_CONNECTION: -1, NOT_GRANTED: -2, INVALID: -3, FULL: -4 } as const;

/** Numbers that bound what a guest makes its host do; those of the native host. */
export const Limits = {
  /** Bytes of a log line that are kept. */
  line: 8 << 10,
  /** Log lines of one call. */
  lines: 100,
  /** Messages to connections of one call, and bytes of their parameters. */
  sends: 100,
  sendBytes: 1 << 20,
  /** Bytes of an answer, and of what a guest hands over for a call. */
  answer: 8 << 20,
} as const;

/** A status, a counter, text, or bytes. */
export type Told = number | bigint | string | Uint8Array;

/** Answers a guest's imports, by their names. */
export interface Host {
  log(level: Level, line: string): void;
  /** `later` says that the guest can wait for a promise. */
  ask(name: string, given: readonly (Uint8Array | bigint | undefined)[], later: boolean): Later<Told>;
}

/** An error in the form of `pintle_call`'s answer. */
export function errorAnswer(code: number, message: string, data?: unknown): string {
  return JSON.stringify({ error: { code, message, data } });
}
