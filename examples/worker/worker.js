// The shop as a Cloudflare Worker: the catalogue is a guest, carts are kept by a Durable Object, which is called over HTTP or a
// WebSocket.

import { Contract, Plugin, Server } from "pintle";
import { SqlStore } from "pintle/store";

import { cartService } from "../node/handlers.js";
import text from "../checkout/checkout.pulse";
import guest from "../checkout/checkout.wasm";

const contract = Contract.parse(text);

export default {
  fetch: (request, env) => env.SHOP.get(env.SHOP.idFromName("shop")).fetch(request),
};

export class Shop {
  #server;

  constructor(state) {
    const grants = { kv: new SqlStore(state.storage.sql, "checkout") };
    this.#server = Plugin.load(guest, { grants }).then(
      (CatalogService) => new Server(contract, { CatalogService, CartService: cartService(state.storage) }),
    );
  }

  async fetch(request) {
    const server = await this.#server;
    if (request.headers.get("upgrade") !== "websocket") return server.fetch(request);
    const [client, socket] = Object.values(new WebSocketPair());
    socket.accept();
    server.attach(socket);
    return new Response(null, { status: 101, webSocket: client });
  }
}
