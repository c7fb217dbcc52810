// The page. It calls whichever server is chosen, always in the same way.

import { connect, Contract, RpcError } from "pintle";

import text from "../checkout/checkout.pulse?raw";

const contract = Contract.parse(text);
const $ = (selector) => document.querySelector(selector);
const money = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });

let api;
let cart;

const places = {
  worker: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
  http: (url) => url,
  ws: (url) => url.replace(/^http/, "ws"),
};

async function open() {
  const { at, url } = $("#where").elements;
  url.disabled = at.value === "worker";
  api?.$close();
  cart = undefined;
  showCart();
  $("#products").replaceChildren();
  $("#status").textContent = "Asking the server…";
  const mine = (api = connect(contract, places[at.value](url.value), { timeout: 5_000 }));
  try {
    const { compatible } = await mine.$verify();
    if (!compatible) throw new Error("its contract is another");
    const products = await mine.CatalogService.listProducts();
    if (mine !== api) return;
    $("#products").replaceChildren(...products.map(product));
    $("#status").textContent = `${products.length} products. The server has our contract.`;
  } catch (error) {
    if (mine === api) $("#status").textContent = `The server does not answer: ${error.message}`;
  }
}

function product({ productId, name, description, price, stock }) {
  const item = document.createElement("li");
  item.innerHTML = `<h3><span></span><span></span></h3><p></p>
    <form novalidate><label>Quantity <input name="quantity" value="1" inputmode="numeric"></label><button>Add</button><p class="result" role="status"></p></form>`;
  const [title, cost] = item.querySelectorAll("span");
  [title.textContent, cost.textContent] = [name, money.format(price)];
  item.querySelector("p").textContent = `${description}. ${stock} left.`;
  item.querySelector("button").setAttribute("aria-label", `Add ${name}`);
  const form = item.querySelector("form");
  onSubmit(form, async () => {
    const { value } = form.elements.quantity;
    // What is no number goes as it is: the contract says what is wrong with it.
    const quantity = value.trim() === "" || Number.isNaN(Number(value)) ? value : Number(value);
    cart = await api.CartService.addToCart({ cartId: cart?.cartId, productId, quantity });
    showCart();
  });
  return item;
}

onSubmit($("#order"), async () => {
  const request = { cartId: cart?.cartId, shippingAddress: {} };
  for (const { name, value } of $("#order").elements) {
    // An empty field is a missing one.
    if (!name || value === "") continue;
    const [first, second] = name.split(".");
    if (second) request[first][second] = value;
    else request[first] = value;
  }
  const { orderId, message } = await api.OrderService.createOrder(request);
  cart = await api.CartService.getCart(cart.cartId);
  showCart();
  return `${message ?? "Ordered"}: ${orderId}`;
});

function showCart() {
  const items = cart?.items ?? [];
  $("#empty").hidden = items.length > 0;
  $("#cart").hidden = items.length === 0;
  const cells = (...texts) => texts.map((text) => Object.assign(document.createElement("td"), { textContent: text }));
  const rows = items.map(({ productId, quantity, price }) => {
    const row = document.createElement("tr");
    row.append(...cells(productId, `× ${quantity}`, money.format(quantity * price)));
    return row;
  });
  $("#cart tbody").replaceChildren(...rows);
  $("#cart tfoot td").textContent = money.format(cart?.subtotal ?? 0);
}

/** Runs `send` for each submission; what it answers or throws is shown in the form. */
function onSubmit(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(form);
    try {
      tell(form, await send());
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const rest = (error.data?.problems ?? []).filter((problem) => !mark(form, problem));
      const isShown = error.data?.problems?.length > rest.length;
      if (rest.length > 0) tell(form, rest.map(hint).join("; "), true);
      else if (!isShown) tell(form, error.message, true);
      form.querySelector("[aria-invalid=true]")?.focus();
    }
  });
}

/** Shows a problem next to the field that its path names: `request.shippingAddress.city` is the field `shippingAddress.city`. */
function mark(form, { path, expected, got }) {
  const field = form.elements[path.slice(path.indexOf(".") + 1)];
  if (!field) return false;
  const note = document.createElement("span");
  note.className = "problem";
  note.id = `problem-${crypto.randomUUID()}`;
  note.textContent = got === "missing" ? "Please fill this in" : `Expected ${expected}`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", note.id);
  field.after(note);
  return true;
}

function clear(form) {
  for (const note of form.querySelectorAll(".problem")) note.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  tell(form, "");
}

function tell(form, text = "", isWrong = false) {
  const place = form.querySelector(".result");
  place.textContent = text;
  place.classList.toggle("wrong", isWrong);
}

function hint({ path, expected }) {
  return path === "request.cartId" ? "Put something into the cart first" : `${path}: expected ${expected}`;
}

$("#where").addEventListener("change", open);
$("#where").addEventListener("submit", (event) => event.preventDefault());
await open();
