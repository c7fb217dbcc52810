// The shop as a Cloudflare Worker: the catalogue is a guest, carts are kept by a Durable Object, which is called over HTTP or a
// WebSocket, and sleeps while nobody calls: connections and carts outlive that.

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
  #state;
  #server;

  constructor(state) {
    this.#state = state;
    const grants = { kv: new SqlStore(state.storage.sql, "checkout") };
    this.#server = Plugin.load(guest, { grants }).then(
      (CatalogService) => new Server(contract, { CatalogService, CartService: cartService(state.storage) }, { info: true }),
    );
  }

  async fetch(request) {
    const server = await this.#server;
    if (request.headers.get("upgrade") !== "websocket") return server.fetch(request);
    const [client, socket] = Object.values(new WebSocketPair());
    server.accept(this.#state, socket);
    return new Response(null, { status: 101, webSocket: client });
  }

  async webSocketMessage(socket, message) {
    await (await this.#server).webSocketMessage(socket, message);
  }

  async webSocketClose(socket, code) {
    (await this.#server).webSocketClose(socket, code);
  }

  async webSocketError(socket) {
    (await this.#server).webSocketError(socket);
  }
}
