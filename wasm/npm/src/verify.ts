import { Contract } from "./contract.js";
import type { CallOptions, Link, Send } from "./link.js";

/** A difference between two contracts. */
export interface Delta {
  readonly entity: string;
  readonly name: string;
  readonly member?: string;
  /** Seen from this side towards the server. */
  readonly change: "added" | "removed" | "modified";
  readonly direction: string;
  readonly severity: "error" | "warning" | "info";
  readonly description: string;
  /** By the strict rules: the methods that make it matter. */
  readonly methods?: readonly string[];
}

export interface VerifyOptions {
  /** `strict` also says what a client of the other version could not read. */
  rules?: "pulserpc" | "strict";
  /** Says what a difference means in place of its own severity: asked in order, `undefined` leaves it to the next. */
  auditors?: readonly ((delta: Delta) => Delta["severity"] | "ignore" | undefined)[];
}

export interface Verification {
  /** Without those that an auditor ignores, and with the severities that auditors gave. */
  readonly deltas: readonly Delta[];
  /** None of them is an error. */
  readonly compatible: boolean;
}

/** @internal Asks the server for its contract, and compares. */
export async function verify(
  link: Link,
  options: CallOptions,
  send: Send,
  { rules, auditors = [] }: VerifyOptions = {},
): Promise<Verification> {
  const { json } = await link.start("pulserpc-idl", () => "[]", false, options, send);
  const server = Contract.fromJSON(json!);
  try {
    const deltas: Delta[] = [];
    for (const delta of JSON.parse(link.core.diff(server.core, rules === "strict")) as Delta[]) {
      let severity: Delta["severity"] | "ignore" | undefined;
      for (const audit of auditors) if ((severity ??= audit(delta)) !== undefined) break;
      severity ??= delta.severity;
      if (severity !== "ignore") deltas.push({ ...delta, severity });
    }
    return { deltas, compatible: !deltas.some(({ severity }) => severity === "error") };
  } finally {
    server.free();
  }
}
