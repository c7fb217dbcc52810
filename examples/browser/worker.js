// The shop in a Web Worker: what is posted to it are calls.

import { Contract, RpcError, Server } from "pintle";

import text from "../checkout/checkout.pulse?raw";
import { CatalogService, cartService } from "../node/handlers.js";

const carts = new Map();
const orders = new Map();
const store = { get: (key) => carts.get(key), put: (key, value) => void carts.set(key, value) };

const OrderService = {
  createOrder({ cartId, shippingAddress, paymentMethod }) {
    const cart = carts.get(cartId);
    if (!cart) throw new RpcError(1001);
    if (cart.items.length === 0) throw new RpcError(1002);
    const orderId = crypto.randomUUID();
    const createdAt = Math.floor(Date.now() / 1000);
    orders.set(orderId, { orderId, cart, shippingAddress, paymentMethod, status: "paid", total: cart.subtotal, createdAt });
    carts.set(cartId, { cartId, items: [], subtotal: 0 });
    return { orderId, message: "Thank you" };
  },
  getOrder: (orderId) => orders.get(orderId) ?? null,
};

new Server(Contract.parse(text), { CatalogService, CartService: cartService(store), OrderService }).attach(globalThis);
