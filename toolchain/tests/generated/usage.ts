// What the generated modules promise, as the compiler sees it.

import type { Checkout, Order, Product } from "./checkout/typescript/checkout.gen.js";
import {
  CartNotFound,
  OrderStatus,
  contract,
  errors,
} from "./checkout/typescript/checkout.gen.js";
import type { Root, Page } from "./imports/typescript/root.gen.js";
import type { Awkward_, Child, GrandChild, Nothing } from "./awkward/typescript/awkward.gen.js";
import type { Client, Server } from "./shapes.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expect<T extends true>(_?: T): void {}

// Types.
expect<Equal<Product["imageUrl"], string | null | undefined>>();
expect<Equal<Order["cart"]["items"][number]["quantity"], number>>();
expect<
  Equal<OrderStatus, "pending" | "paid" | "shipped" | "delivered" | "cancelled">
>();
expect<Equal<(typeof OrderStatus)[1], "paid">>();
expect<Equal<Nothing, never>>();
export const product: Product = { productId: "", name: "", description: "", price: 1, stock: 1 };
// @ts-expect-error: undefined is not absent.
export const wrong: Product = { ...product, imageUrl: undefined };
// @ts-expect-error: a value of the enum is one of its names.
export const status: OrderStatus = "lost";

// Inheritance, and what is declared again.
expect<Equal<Child["b"], string>>();
expect<Equal<GrandChild["d"], number>>();
expect<Equal<GrandChild["e"], number>>();
expect<Equal<Page["status"], "ok" | "err" | null | undefined>>();

// The map of methods.
type GetProduct = Checkout["CatalogService"]["getProduct"];
expect<Equal<GetProduct["params"], [productId: string]>>();
expect<Equal<GetProduct["named"], { productId: string }>>();
expect<Equal<GetProduct["result"], Product | null>>();
expect<Equal<Root["inc.Calculator"]["calculate"]["params"][0], "add" | "sub">>();
expect<Equal<Awkward_["Everything"]["constructor"]["params"][1], boolean>>();
expect<Equal<Awkward_["Everything"]["raises"]["result"], void>>();
expect<Equal<keyof Awkward_["Everything"] & "__proto__", "__proto__">>();

// A client and a server.
declare const api: Client<Checkout>;
export async function client(): Promise<void> {
  const found = await api.CatalogService.getProduct("p1");
  expect<Equal<typeof found, Product | null>>();
  // @ts-expect-error: the id is a string.
  await api.CatalogService.getProduct(1);
  // @ts-expect-error: there is no such method.
  await api.CatalogService.getProducts();
}
export const catalog: Server<Checkout>["CatalogService"] = {
  listProducts: (ctx) => (ctx.remote === "" ? [] : [product]),
  getProduct: async (productId) => (productId === "" ? null : product),
};
export const bad: Server<Checkout>["CatalogService"] = {
  // @ts-expect-error: the list is of products.
  listProducts: () => [1],
  getProduct: () => null,
};

// Errors.
expect<Equal<typeof CartNotFound.code, 1001>>();
expect<Equal<InstanceType<(typeof errors)[0]>["code"], 1001>>();
export function code(error: unknown): number {
  return error instanceof CartNotFound ? error.code : contract.length;
}
export const thrown: Error = new CartNotFound("gone", { cart: 1 });
