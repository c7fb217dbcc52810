// Made by `pintle gen ts` from the contract `inc`: change the contract and make it again.

import type * as std from "./std.gen.js";

export interface Calculator {
  /** @throws {Bad} */
  calculate: {
    params: [op: Op, a: number, b: number];
    named: { op: Op; a: number; b: number };
    result: Response;
  };
}

export interface Response {
  status: Status;
  kind?: std.type_ | null;
}

export const Status = ["ok", "err"] as const;
export type Status = (typeof Status)[number];

export const Op = ["add", "sub"] as const;
export type Op = (typeof Op)[number];

/** It was bad. */
export class Bad extends Error {
  static readonly code = 2;
  override readonly name: string = "Bad";
  readonly code = 2;
  /** The error's name in the contract. */
  readonly cls = "inc.Bad";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "bad", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** The classes of all errors that are declared here. */
export const errors = [Bad] as const;
