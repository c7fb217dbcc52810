// The shop on Bun.serve: `server.js [PORT]`, by default any free one. It prints where it listens.

import { Contract, Plugin, Server } from "pintle";
import { MemoryStore } from "pintle/store";

import { cartService } from "../node/handlers.js";

const beside = (name) => Bun.file(new URL(`../checkout/${name}`, import.meta.url));
const contract = Contract.parse(await beside("checkout.pulse").text());
const CatalogService = await Plugin.load(await beside("checkout.wasm").bytes(), {
  grants: { kv: new MemoryStore() },
  worker: true,
});

const carts = new Map();
const store = { get: (key) => carts.get(key), put: (key, value) => void carts.set(key, value) };
const server = new Server(contract, { CatalogService, CartService: cartService(store) });

const listening = Bun.serve({ hostname: "127.0.0.1", port: Number(process.argv[2] ?? 0), fetch: (request) => server.fetch(request) });
console.log(`http://127.0.0.1:${listening.port}/`);
