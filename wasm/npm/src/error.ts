/** Codes of the errors that this package itself answers or throws; the full table is in the documentation of the protocol. */
export const Code = {
  ParseError: -32700,
  InvalidRequest: -32600,
  MethodNotFound: -32601,
  InvalidParams: -32602,
  InternalError: -32603,
  PluginFailed: -32000,
  DeadlineExceeded: -32001,
  Cancelled: -32002,
  Overloaded: -32003,
  TooLarge: -32004,
  Unauthorized: -32005,
} as const;

/** The messages that go with them on the wire. */
const MESSAGES: Readonly<Record<number, string>> = {
  [-32700]: "Parse error",
  [-32600]: "Invalid Request",
  [-32601]: "Method not found",
  [-32602]: "Invalid params",
  [-32603]: "Internal error",
  [-32000]: "Plugin failed",
  [-32001]: "Deadline exceeded",
  [-32002]: "Cancelled",
  [-32003]: "Overloaded",
  [-32004]: "Too large",
};

/**
 * An error that travels: a handler throws one to answer it, a client's call is rejected with one.
 *
 * `instanceof RpcError` is also true for instances of the error classes that `pintle gen ts` writes, and for those of another copy of
 * this package: for every `Error` with an integer `code` and a `cls` of its own.
 */
export class RpcError extends Error {
  override readonly name: string = "RpcError";
  /** What the error is, for programs. Handlers may not use -32768 to -32000, except -32602. */
  readonly code: number;
  /** More about it, as it travels; `undefined` if there is nothing more. */
  readonly data: unknown;
  /** The error's name in the contract, if its code is declared there. */
  readonly cls: string | undefined;

  constructor(code: number, message = "", data?: unknown, cls?: string) {
    super(message);
    this.code = code;
    this.data = data;
    this.cls = cls;
  }

  static override [Symbol.hasInstance](value: unknown): value is RpcError {
    // A subclass of a user is what the language says it is.
    if (this !== RpcError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && Object.hasOwn(value, "cls") && isCode((value as Partial<RpcError>).code);
  }
}

function isCode(code: unknown): boolean {
  return typeof code === "number" && (code | 0) === code;
}

const LOST = Symbol.for("pintle.lost");

/**
 * @internal Thrown in place of an answer that could not be had. The caller is told the code and no more.
 *
 * `instanceof` knows it by a mark: what runs guests is loaded apart, with a copy of this file.
 */
export class Lost extends Error {
  readonly [LOST] = true;
  readonly code: number;

  static override [Symbol.hasInstance](value: unknown): value is Lost {
    return value instanceof Error && LOST in value;
  }

  constructor(code: number, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }

  /** What the caller is told. */
  get told(): string {
    return MESSAGES[this.code] ?? "";
  }
}

/** One of this package's own errors, with one plain sentence for a person. */
export function failure(code: number, detail: string, more?: object): RpcError {
  return new RpcError(code, MESSAGES[code], { detail, ...more });
}

/** The reply to a body that no exchange was opened for. */
export function errorBody(error: RpcError): string {
  const { code, message, data } = error;
  return JSON.stringify({ jsonrpc: "2.0", error: { code, message, data }, id: null });
}
