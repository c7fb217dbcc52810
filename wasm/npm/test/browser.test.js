// The example of a page, driven in Chromium: at the server in its Worker, then at the native one.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";

import { bundled, chromium, files, needs, served } from "./tools.js";

const examples = join(import.meta.dirname, "../examples");

/** Where screenshots are left: for people to look at. */
const SHOTS = join(import.meta.dirname, "../../screenshots");

test("browser: the page shops, and says what is wrong next to the field", needs("chromium"), async (t) => {
  const out = await mkdtemp(join(import.meta.dirname, "../scratch-"));
  t.after(() => rm(out, { recursive: true }));
  await bundled(join(examples, "browser"), join(out, "page"));
  const url = await files(t, join(out, "page"));
  const manifest = join(examples, "checkout/page.toml");
  await writeFile(
    manifest,
    `contract = "checkout.pulse"
[[plugin]]
path = "checkout.wasm"
grants = { kv = "checkout" }
[kv]
store = "memory"
[[listen]]
kind = "http"
address = "127.0.0.1:0"
origins = ["${new URL(url).origin}"]
`,
  );
  const native = (await served(t, process.env.PINTLE, "serve", manifest)).replace("listening ", "");

  await mkdir(SHOTS, { recursive: true });
  const browser = await chromium();
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.goto(url);
  await shop(page, 2, "mouse");
  await look(page, "worker");

  for (const at of ["http", "ws"]) {
    await page.locator(`input[value=${at}]`).check();
    await page.locator("input[name=url]").fill(native);
    await page.locator("input[name=url]").blur();
    await shop(page, 4, "keyboard");
    await look(page, at);
  }
  assert.deepEqual(wrong, []);
});

/** What a customer does: all of it, with mistakes. */
async function shop(page, count, product) {
  await page.getByText(`${count} products. The server has our contract.`).waitFor();
  const item = page.locator("#products li").nth(product === "mouse" ? 0 : 1);
  const quantity = item.getByLabel("Quantity");

  await quantity.fill("two");
  await item.getByRole("button").click();
  const problem = item.locator(".problem");
  await problem.waitFor();
  assert.equal(await problem.textContent(), "Expected int");
  assert.equal(await problem.evaluate((note) => note.previousElementSibling.name), "quantity");
  assert.equal(await quantity.getAttribute("aria-invalid"), "true");

  await quantity.fill("2");
  await item.getByRole("button").click();
  await page.locator("#cart tbody tr").waitFor();
  assert.equal(await problem.count(), 0);
  assert.equal(await page.locator("#cart tbody td").first().textContent(), product);

  if (product === "mouse") {
    // Too much is a declared error. The native shop looks only when it is ordered.
    await quantity.fill("999");
    await item.getByRole("button").click();
    await item.locator(".result.wrong").waitFor();
    assert.equal(await item.locator(".result").textContent(), "Out of stock");
  }

  const order = page.locator("#order");
  await order.getByLabel("Street").fill("1 High Street");
  await order.getByLabel("City").fill("Springfield");
  await order.getByLabel("State").fill("OR");
  await order.getByLabel("Country").fill("USA");
  await order.getByLabel("Zip code").fill("");
  await order.getByLabel("Payment").selectOption("");
  await order.getByRole("button").click();
  await order.locator(".problem").first().waitFor();
  const told = await order.locator(".problem").evaluateAll((notes) => notes.map((note) => [note.previousElementSibling.name, note.textContent]));
  assert.deepEqual(told, [["shippingAddress.zipCode", "Please fill this in"], ["paymentMethod", "Please fill this in"]]);
  assert.equal(await page.evaluate(() => document.activeElement.name), "shippingAddress.zipCode");
  await page.screenshot({ path: join(SHOTS, `problems-${page.viewportSize().width}.png`), fullPage: true });

  await order.getByLabel("Zip code").fill("97477");
  await order.getByLabel("Payment").selectOption("paypal");
  await order.getByRole("button").click();
  await page.getByText(/^Thank you.*: ./).waitFor();
  assert.equal(await page.locator("#empty").isVisible(), true, "the cart is empty again");
}

/** Nothing is wider than the screen, on a phone and on a desk. */
async function look(page, name) {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    await page.setViewportSize({ width, height });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name}, ${width} px`);
    await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
  }
}
