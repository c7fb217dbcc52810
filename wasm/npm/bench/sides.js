// The sides of each comparison: functions that do the same with the same bytes.

import { answer, LARGE_ORDER, ORDER, REQUEST } from "./order.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const request = encoder.encode(JSON.stringify(REQUEST));
export const order = encoder.encode(JSON.stringify(ORDER));
const large = encoder.encode(JSON.stringify(LARGE_ORDER));

const objects = (bytes) => `checked objects from the ${bytes.length} byte order`;

/** Calls of a round. */
export const count = (title) => (title === objects(large) ? 15 : 2_000);

/** By the names of comparisons, and of sides. `contract` and `shapes` are generated, the checks ajv's. */
export function sides({ Contract, Server, byShape }, { text, contract: json, shapes }, { params, response, order: isOrder }, { JSONRPCServer, jayson }) {
  const contract = Contract.parse(text);
  const server = new Server(contract, { OrderService: { createOrder: answer, getOrder: () => null } });
  const shaped = Contract.fromJSON(json, { decode: byShape(shapes) });
  const typed = new Server(shaped, { OrderService: { createOrder: answer, getOrder: () => null } });
  const name = "OrderService.createOrder";
  const rpc = new JSONRPCServer();
  rpc.addMethod(name, ([given]) => answer(given));

  const calls = {
    "pintle, by shape": () => typed.handle(request),
    pintle: () => server.handle(request),
    "JSON.parse + ajv + JSON.stringify": async () => {
      const { jsonrpc, method, params: given, id } = JSON.parse(decoder.decode(request));
      if (jsonrpc !== "2.0" || method !== name || !params(given)) throw new Error("refused");
      const result = await answer(given[0]);
      if (!response(result)) throw new Error("wrong");
      return encoder.encode(JSON.stringify({ jsonrpc: "2.0", result, id }));
    },
    "json-rpc-2.0, nothing checked": async () => encoder.encode(JSON.stringify(await rpc.receive(JSON.parse(decoder.decode(request))))),
  };
  if (jayson) {
    const other = new jayson.Server({ [name]: ([given], done) => done(null, answer(given)) });
    calls["jayson, nothing checked"] = () =>
      new Promise((resolve) => other.call(decoder.decode(request), (_, reply) => resolve(encoder.encode(JSON.stringify(reply)))));
  }

  const made = (bytes) => ({
    "pintle, by shape": () => shaped.decode("Order", bytes),
    "JSON.parse alone": () => JSON.parse(decoder.decode(bytes)),
    "JSON.parse + ajv": () => {
      const value = JSON.parse(decoder.decode(bytes));
      if (!isOrder(value)) throw new Error("refused");
      return value;
    },
    "pintle without shapes": () => contract.decode("Order", bytes),
  });

  return {
    [objects(order)]: made(order),
    [objects(large)]: made(large),
    [`bytes to bytes, the ${request.length} byte request`]: calls,
    [`validation alone, the ${order.length} byte order`]: {
      // What `contract.validate` does behind its text.
      pintle: () => contract.core.validate("Order", order) === undefined,
      "JSON.parse + ajv": () => isOrder(JSON.parse(decoder.decode(order))),
    },
  };
}
