// `client.js URL`: what a customer does.

import { connect, Contract } from "pintle";

const contract = Contract.parse(await Bun.file(new URL("../checkout/checkout.pulse", import.meta.url)).text());
const api = connect(contract, process.argv[2]);

const products = await api.CatalogService.listProducts();
console.log(`the guest has ${products.length} products, as ${products[0].name}`);
const { subtotal } = await api.CartService.addToCart({ productId: "mouse", quantity: 2 });
console.log(`in the cart for ${subtotal.toFixed(2)}`);
