// The catalogue and the carts of shop.pulse. Carts are in memory, so one instance serves all calls.

const MOST_CARTS = 1000;
const MOST_PIECES = 1_000_000;

const products = [
  { productId: "mouse", name: "Mouse", description: "Three buttons, no wire", price: 29.99, stock: 50 },
  {
    productId: "keyboard",
    name: "Keyboard",
    description: "Clicks when you type",
    price: 89.5,
    stock: 25,
    imageUrl: "https://shop.example/keyboard.jpg",
  },
  { productId: "desk", name: 'Desk "Élan"', description: "Stands up with you", price: 1299.95, stock: 2 },
];

const carts = new Map();

const failure = (code, message) => ({ tag: "other", val: { code, message } });

export const catalogService = {
  listProducts: () => products,
  getProduct: (id) => products.find(({ productId }) => productId === id),
};

export const cartService = {
  addToCart({ cartId, productId, quantity }) {
    if (quantity < 1) throw failure(-32602, "quantity must be at least 1");
    const product = products.find((product) => product.productId === productId);
    if (!product) throw failure(-32602, `there is no product ${productId}`);
    const cart = cartId == null ? { cartId: `cart_${carts.size + 1}`, items: [], subtotal: 0 } : carts.get(cartId);
    // An empty message stands for the contract's own.
    if (!cart) throw { tag: "cart-not-found", val: { message: "" } };
    const item = cart.items.find((item) => item.productId === productId);
    const pieces = quantity + (item?.quantity ?? 0);
    if (pieces > MOST_PIECES) throw failure(-32602, `quantity must be at most ${MOST_PIECES}`);
    if (!carts.has(cart.cartId) && carts.size === MOST_CARTS) throw failure(507, "no room for another cart");

    // Nothing can be refused any more, so a refused request leaves no cart behind.
    carts.set(cart.cartId, cart);
    if (item) item.quantity = pieces;
    else cart.items.push({ productId, quantity: pieces, price: product.price });
    // Sums of floats drift.
    const cents = cart.items.reduce((sum, { price, quantity }) => sum + Math.round(price * 100) * quantity, 0);
    cart.subtotal = cents / 100;
    return cart;
  },
};
