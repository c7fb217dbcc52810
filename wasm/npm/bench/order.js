// The documents that are measured, and what ajv checks them by: the same rules as the contract's.

const address = { street: "1 High Street", city: "Springfield", state: "OR", zipCode: "97477", country: "USA" };
const cart = { cartId: "cart_1", items: [{ productId: "mouse", quantity: 2, price: 29.99 }], subtotal: 59.98 };

export const REQUEST = {
  jsonrpc: "2.0",
  method: "OrderService.createOrder",
  params: [{ cartId: "cart_1", shippingAddress: address, paymentMethod: "credit_card" }],
  id: 100,
};

export const ORDER = {
  orderId: "order_000000000001",
  cart,
  shippingAddress: address,
  paymentMethod: "credit_card",
  status: "pending",
  total: 59.98,
  createdAt: 1_760_000_000,
};

/** The same with many items. */
export const LARGE_ORDER = {
  ...ORDER,
  cart: { ...cart, items: Array.from({ length: 1950 }, (_, at) => ({ productId: `product-${at}`, quantity: at % 7, price: at / 100 })) },
};

export const answer = ({ cartId }) => ({ orderId: `order_of_${cartId}`, message: "Thank you" });

const string = { type: "string" };
const number = { type: "number" };
const object = (properties, optional = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const payment = { enum: ["credit_card", "debit_card", "paypal", "apple_pay"] };
const where = object({ street: string, city: string, state: string, zipCode: string, country: string });

export const SCHEMAS = {
  params: {
    type: "array",
    items: [object({ cartId: string, shippingAddress: where, paymentMethod: payment })],
    minItems: 1,
    additionalItems: false,
  },
  response: object({ orderId: string, message: { type: ["string", "null"] } }, ["message"]),
  order: object({
    orderId: string,
    cart: object({
      cartId: string,
      items: { type: "array", items: object({ productId: string, quantity: { type: "integer" }, price: number }) },
      subtotal: number,
    }),
    shippingAddress: where,
    paymentMethod: payment,
    status: { enum: ["pending", "paid", "shipped", "delivered", "cancelled"] },
    total: number,
    createdAt: { type: "integer" },
  }),
};
