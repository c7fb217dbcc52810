// What a server and a client infer from what `pintle gen ts` writes, as the compiler sees it.

import {
  connect,
  Contract,
  Raw,
  RpcError,
  Server,
  type Client,
  type Context,
  type Handlers,
  type Transport,
} from "pintle";
import { byShape } from "pintle/shapes";

import {
  CartNotFound,
  contract as json,
  errors,
  shapes,
  type Cart,
  type Checkout,
  type Order,
  type Product,
} from "./checkout.gen.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expect<T extends true>(_?: T): void {}

const contract = Contract.fromJSON(json);
export const shaped = Contract.fromJSON(json, { decode: byShape(shapes) });
export const order: Order = shaped.decode<Order>("Order", new Uint8Array(), { ints: "number", unknown: "keep" });
// @ts-expect-error: that makes no structs.
byShape({ layout: 0, structs: { Order: 1 } });
// @ts-expect-error: nobody has shaped them.
Contract.fromJSON(json, { decode: shapes });
declare const product: Product;
declare const cart: Cart;
declare const OrderService: Handlers<Checkout>["OrderService"];

// A server.
const CartService: Handlers<Checkout>["CartService"] = {
  addToCart: async ({ cartId, quantity }) => {
    expect<Equal<typeof cartId, string | null | undefined>>();
    if (quantity > 10) throw new CartNotFound("gone", { cartId });
    return cart;
  },
  getCart: (cartId, ctx) => {
    expect<Equal<typeof cartId, string>>();
    expect<Equal<typeof ctx.signal, AbortSignal>>();
    return null;
  },
  clearCart: () => true,
};
const CatalogService: Handlers<Checkout>["CatalogService"] = { listProducts: () => [product], getProduct: () => null };
export const server = new Server<Checkout>(contract, { CatalogService, CartService, OrderService });
export default { fetch: (request: Request): Promise<Response> => server.fetch(request) };
export const reply: Promise<Uint8Array | undefined> = server.handle("{}");
export const raw = new Server<Checkout>(contract, { CatalogService, CartService, OrderService: new Raw(() => "null") });

// What handlers are given beside the body.
export const bound = new Server<Pick<Checkout, "CatalogService">, { env: { name: string } }>(contract, {
  CatalogService: {
    listProducts: (ctx) => {
      expect<Equal<typeof ctx, Context & { env: { name: string } }>>();
      return [];
    },
    getProduct: (productId, { env }) => ({ ...product, productId, name: env.name }),
  },
});
bound.handle("{}", { env: { name: "x" } });
// @ts-expect-error: it was promised to the handlers.
bound.handle("{}", { env: {} });
// @ts-expect-error: and may not be left out.
bound.fetch(new Request("https://x/"));
// @ts-expect-error: on connections neither.
bound.attach(new MessageChannel().port1);

// Mistakes in handlers.
// @ts-expect-error: an interface is missing.
new Server<Checkout>(contract, { CatalogService, CartService });
// @ts-expect-error: there is no such interface.
new Server<Checkout>(contract, { CatalogService, CartService, OrderService, CatService: {} });
// @ts-expect-error: a method is missing.
new Server<Checkout>(contract, { CatalogService: { listProducts: () => [] }, CartService, OrderService });
new Server<Checkout>(contract, {
  // @ts-expect-error: there is no such method.
  CatalogService: { ...CatalogService, getProducts: () => [] },
  CartService,
  OrderService,
});
new Server<Checkout>(contract, {
  // @ts-expect-error: the list is of products.
  CatalogService: { listProducts: () => [1], getProduct: () => null },
  CartService,
  OrderService,
});
new Server<Checkout>(contract, {
  // @ts-expect-error: the id is a string.
  CatalogService: { listProducts: () => [], getProduct: (productId: number) => null },
  CartService,
  OrderService,
});
// @ts-expect-error: there is no such option.
new Server<Checkout>(contract, { CatalogService, CartService, OrderService }, { strikt: true });

// A client.
const api = connect<Checkout>(contract, "https://api.example/", { errors, timeout: 5, validate: "request" });
export async function calls(): Promise<void> {
  const found = await api.CatalogService.getProduct("p1");
  expect<Equal<typeof found, Product | null>>();
  const [first, second] = await api.$batch((b) => [b.CatalogService.listProducts(), b.OrderService.getOrder("o1")]);
  expect<Equal<typeof first, Product[]>>();
  expect<Equal<typeof second, Order | null>>();
  const { result, response } = await api.$full.CartService.clearCart("c1");
  expect<Equal<typeof result, boolean>>();
  expect<Equal<typeof response, unknown>>();
  expect<Equal<ReturnType<typeof api.$notify.CartService.clearCart>, Promise<void>>>();
  expect<Equal<ReturnType<typeof api.$with>, Client<Checkout>>>();
  const { compatible, deltas } = await api.$verify({ auditors: [({ severity }) => (severity === "info" ? "ignore" : undefined)] });
  expect<Equal<typeof compatible, boolean>>();
  expect<Equal<(typeof deltas)[number]["severity"], "error" | "warning" | "info">>();
  // @ts-expect-error: the id is a string.
  await api.CatalogService.getProduct(1);
  // @ts-expect-error: the id is missing.
  await api.CatalogService.getProduct();
  // @ts-expect-error: there is no such method.
  await api.CatalogService.getProducts();
  // @ts-expect-error: there is no such interface.
  await api.CatService.getProduct("p1");
  // @ts-expect-error: a proxy of a contract is no promise.
  await api.CatalogService.then();
}
export function told(error: unknown): number {
  if (error instanceof CartNotFound) return error.code;
  if (error instanceof RpcError) {
    expect<Equal<typeof error.cls, string | undefined>>();
    return error.code;
  }
  return 0;
}

// Where calls may go.
declare const socket: WebSocket;
declare const worker: Worker;
const transport: Transport = { send: async (body) => body };
for (const target of [server, socket, new MessageChannel().port1, worker, transport, new URL("ws://x")]) connect<Checkout>(contract, target);
// @ts-expect-error: that carries nothing.
connect<Checkout>(contract, {});
export const attached: Promise<void> = server.attach(socket).closed;

// Without types everything goes.
const plain = connect(contract, transport);
export const anything: Promise<number> = plain.Whatever.method(1, "x").then((value: string) => value.length);
new Server(contract, { Whatever: { method: (a: number, ctx: Context) => a + ctx.method.length } });
