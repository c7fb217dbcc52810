// The catalogue and the carts of shop.pulse. Carts are in memory, so one instance serves all calls.
import { Out, Value, handle } from "../../../guest/assemblyscript/pintle";
export { pintle_abi_1, pintle_alloc, pintle_call, pintle_free } from "../../../guest/assemblyscript/pintle";

const MOST_CARTS = 1000;
const MOST_PIECES: i64 = 1_000_000;

class Product {
  constructor(
    public id: string,
    public name: string,
    public description: string,
    public price: f64,
    public stock: i64,
    public image: string | null = null,
  ) {}

  write(out: Out): void {
    out.beginObject();
    out.key("productId");
    out.string(this.id);
    out.key("name");
    out.string(this.name);
    out.key("description");
    out.string(this.description);
    out.key("price");
    out.float(this.price);
    out.key("stock");
    out.int(this.stock);
    const image = this.image;
    if (image !== null) {
      out.key("imageUrl");
      out.string(image);
    }
    out.endObject();
  }
}

const products: Array<Product> = [
  new Product("mouse", "Mouse", "Three buttons, no wire", 29.99, 50),
  new Product("keyboard", "Keyboard", "Clicks when you type", 89.5, 25, "https://shop.example/keyboard.jpg"),
  new Product("desk", 'Desk "Élan"', "Stands up with you", 1299.95, 2),
];

function find(id: string): Product | null {
  for (let at = 0; at < products.length; at++) if (products[at].id == id) return products[at];
  return null;
}

class Item {
  constructor(public product: Product, public quantity: i64) {}
}

class Cart {
  items: Array<Item> = [];

  constructor(public id: string) {}

  write(out: Out): void {
    let cents: i64 = 0; // sums of floats drift
    out.beginObject();
    out.key("cartId");
    out.string(this.id);
    out.key("items");
    out.beginList();
    for (let at = 0; at < this.items.length; at++) {
      const item = this.items[at];
      out.beginObject();
      out.key("productId");
      out.string(item.product.id);
      out.key("quantity");
      out.int(item.quantity);
      out.key("price");
      out.float(item.product.price);
      out.endObject();
      cents += <i64>Math.round(item.product.price * 100) * item.quantity;
    }
    out.endList();
    out.key("subtotal");
    out.float(<f64>cents / 100);
    out.endObject();
  }
}

const carts = new Map<string, Cart>();

handle("CatalogService.listProducts", (params: Value, out: Out): void => {
  out.beginList();
  for (let at = 0; at < products.length; at++) products[at].write(out);
  out.endList();
});

handle("CatalogService.getProduct", (params: Value, out: Out): void => {
  const product = find(params.item(0).string);
  if (product === null) out.null();
  else product.write(out);
});

handle("CartService.addToCart", (params: Value, out: Out): void => {
  const request = params.item(0);
  const cartId = request.member("cartId");
  const productId = request.member("productId").string;
  const quantity = request.member("quantity").int;

  if (quantity < 1) return out.fail(-32602, "quantity must be at least 1");
  const product = find(productId);
  if (product === null) return out.fail(-32602, "there is no product " + productId);
  if (!cartId.isNull && !carts.has(cartId.string)) return out.fail(1001, "Cart not found");
  const id = cartId.isNull ? "cart_" + (carts.size + 1).toString() : cartId.string;
  const cart = carts.has(id) ? carts.get(id) : new Cart(id);

  let at = 0;
  while (at < cart.items.length && cart.items[at].product !== product) at++;
  const had: i64 = at < cart.items.length ? cart.items[at].quantity : 0;
  if (quantity > MOST_PIECES - had) return out.fail(-32602, "quantity must be at most 1000000");
  if (cartId.isNull && carts.size == MOST_CARTS) return out.fail(507, "no room for another cart");

  // Nothing can be refused any more, so a refused request leaves no cart behind.
  carts.set(id, cart);
  if (at == cart.items.length) cart.items.push(new Item(product, 0));
  cart.items[at].quantity = had + quantity;
  cart.write(out);
});
