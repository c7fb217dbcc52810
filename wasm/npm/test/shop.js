// The contract and the handlers that the tests call.

import { Contract, RpcError } from "pintle";

export const contract = Contract.parse(`
  namespace shop

  struct Item { id string  count int  note string [optional] }

  errors { 100 Gone "No such thing" }

  interface Shop {
    get(id string) Item [optional]
    put(item Item, times int [optional]) int raises (Gone)
    nothing()
    any(what string) string
  }

  interface Odd {
    constructor(value int) int
    then(value int) int
    toString() string
  }

  // Implemented by who calls.
  interface Feed {
    tell(text string) string
    note(text string)
  }
`);

/** Handlers that do as they are told; `any` is the test's own. */
export function handlers(any = (what) => what) {
  return {
    Shop: {
      get: (id) => (id === "none" ? null : { id, count: 1 }),
      put(item, times) {
        if (item.id === "gone") throw new RpcError(100, "", { id: item.id });
        return item.count * (times ?? 1);
      },
      nothing: () => undefined,
      any,
    },
    Odd: { constructor: (value) => value + 1, then: (value) => value + 2, toString: () => "odd" },
  };
}

export const text = (bytes) => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));

/** A request as text. */
export const request = (method, params, id = 1) => JSON.stringify({ jsonrpc: "2.0", method, params, id });
