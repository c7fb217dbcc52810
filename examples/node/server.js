// The shop on node:http: `node server.js [PORT]`, by default any free one. It prints where it listens.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { Readable } from "node:stream";

import { Contract, Server } from "pintle";

import { CatalogService, cartService } from "./handlers.js";

const contract = Contract.parse(await readFile(new URL("../checkout/checkout.pulse", import.meta.url), "utf8"));
const carts = new Map();
const store = { get: (key) => carts.get(key), put: (key, value) => void carts.set(key, value) };

// Interfaces without a handler, here OrderService, are answered with Method not found.
const server = new Server(contract, { CatalogService, CartService: cartService(store) });

const http = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch(() => {
    // Not HTTP as it should be, as a `Host` that is none; or the connection broke.
    if (!outgoing.headersSent) outgoing.writeHead(400).end();
  });
});

async function answer(incoming, outgoing) {
  const { method, headers, url } = incoming;
  const body = method === "POST" ? Readable.toWeb(incoming) : undefined;
  const request = new Request(`http://${headers.host ?? "localhost"}${url}`, { method, headers, body, duplex: "half" });
  const response = await server.fetch(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

http.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}/`));
