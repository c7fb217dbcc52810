// `node client.js URL`: what a customer does.

import { readFile } from "node:fs/promises";

import { connect, Contract, RpcError } from "pintle";

const contract = Contract.parse(await readFile(new URL("../checkout/checkout.pulse", import.meta.url), "utf8"));
const api = connect(contract, process.argv[2]);

const { compatible } = await api.$verify();
console.log(`the server's contract is ${compatible ? "ours" : "another"}`);

const [products, cart] = await api.$batch((batch) => [
  batch.CatalogService.listProducts(),
  batch.CartService.addToCart({ productId: "mouse", quantity: 2 }),
]);
console.log(`${products.length} products; ${cart.items.length} in the cart, for ${cart.subtotal}`);

try {
  await api.CartService.addToCart({ cartId: cart.cartId, productId: "cable", quantity: 50 });
} catch (error) {
  if (error instanceof RpcError) console.log(`${error.cls}: ${error.message}`);
}
try {
  await api.CartService.addToCart({ productId: "mouse", quantity: "two" });
} catch (error) {
  console.log(`not even sent: ${error.data.detail}`);
}
