// The handlers of the shop, over a store of carts: each is called with the parameters by position, which are checked, then a context.

import { RpcError } from "pintle";

export const products = [
  { productId: "mouse", name: "Mouse", description: "Two buttons and a wheel", price: 29.99, stock: 10 },
  { productId: "cable", name: "Cable", description: "Two metres", price: 9.5, stock: 3 },
];

export const CatalogService = {
  listProducts: () => products,
  getProduct: (productId) => products.find((product) => product.productId === productId) ?? null,
};

/** `store` has `get(key)` and `put(key, value)`, which may answer later. */
export function cartService(store) {
  return {
    async addToCart({ cartId, productId, quantity }) {
      const product = CatalogService.getProduct(productId);
      // A declared error: the client gets its code, and its message if this one is empty.
      if (!product || product.stock < quantity) throw new RpcError(1004, "", { productId });
      const cart = cartId ? await store.get(cartId) : { cartId: crypto.randomUUID(), items: [], subtotal: 0 };
      if (!cart) throw new RpcError(1001);
      cart.items.push({ productId, quantity, price: product.price });
      cart.subtotal += quantity * product.price;
      await store.put(cart.cartId, cart);
      return cart;
    },
    getCart: async (cartId) => (await store.get(cartId)) ?? null,
    async clearCart(cartId) {
      const cart = await store.get(cartId);
      if (cart) await store.put(cartId, { ...cart, items: [], subtotal: 0 });
      return cart !== undefined;
    },
  };
}
