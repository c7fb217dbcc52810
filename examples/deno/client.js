// `client.js URL`: what a customer does, all of it on one connection.

import { connect, Contract, RpcError } from "pintle";

const contract = Contract.parse(await Deno.readTextFile(new URL("../checkout/checkout.pulse", import.meta.url)));
const api = connect(contract, Deno.args[0]);

const { cartId } = await api.CartService.addToCart({ productId: "mouse", quantity: 2 });
const { subtotal } = await api.CartService.addToCart({ cartId, productId: "cable", quantity: 1 });
console.log(`in the cart for ${subtotal.toFixed(2)}`);

try {
  await api.CartService.addToCart({ cartId, productId: "cable", quantity: 50 });
} catch (error) {
  if (error instanceof RpcError) console.log(`${error.cls}: ${error.message}`);
}
api.$close();
