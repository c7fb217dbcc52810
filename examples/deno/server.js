// The shop on Deno.serve: `server.js [PORT]`, by default any free one. It prints where it listens.

import { Contract, Server } from "pintle";

import { CatalogService, cartService } from "../node/handlers.js";

const contract = Contract.parse(await Deno.readTextFile(new URL("../checkout/checkout.pulse", import.meta.url)));
const carts = new Map();
const store = { get: (key) => carts.get(key), put: (key, value) => void carts.set(key, value) };
const server = new Server(contract, { CatalogService, CartService: cartService(store) });

const onListen = ({ hostname, port }) => console.log(`http://${hostname}:${port}/`);
Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[0] ?? 0), onListen }, (request) => {
  if (request.headers.get("upgrade") !== "websocket") return server.fetch(request);
  // Pages of others may open a WebSocket, too: none may here.
  if (request.headers.has("origin")) return new Response(null, { status: 403 });
  const { socket, response } = Deno.upgradeWebSocket(request);
  server.attach(socket);
  return response;
});
