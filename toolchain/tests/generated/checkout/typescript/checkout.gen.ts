// Made by `pintle gen ts` from the contract `checkout`: change the contract and make it again.

/** What the contract offers: interfaces, methods, parameters and results. */
export interface Checkout {
  CatalogService: CatalogService;
  CartService: CartService;
  OrderService: OrderService;
}

/** Products that can be bought. */
export interface CatalogService {
  /** All products, also those that are sold out. */
  listProducts: {
    params: [];
    named: { [name: string]: never };
    result: Product[];
  };
  /** One product, or null if there is none with this id. */
  getProduct: {
    params: [productId: string];
    named: { productId: string };
    result: Product | null;
  };
}

/** What a customer wants to buy. */
export interface CartService {
  /** Puts a product into a cart. Without a cart id, a new cart is made. */
  addToCart: {
    params: [request: AddToCartRequest];
    named: { request: AddToCartRequest };
    result: Cart;
  };
  /** One cart, or null if there is none with this id. */
  getCart: {
    params: [cartId: string];
    named: { cartId: string };
    result: Cart | null;
  };
  /** Removes everything from a cart. False if there is no such cart. */
  clearCart: {
    params: [cartId: string];
    named: { cartId: string };
    result: boolean;
  };
}

/** What a customer has bought. */
export interface OrderService {
  /** Turns a cart into an order and takes the payment. */
  createOrder: {
    params: [request: CreateOrderRequest];
    named: { request: CreateOrderRequest };
    result: CheckoutResponse;
  };
  /** One order, or null if there is none with this id. */
  getOrder: {
    params: [orderId: string];
    named: { orderId: string };
    result: Order | null;
  };
}

/** Something that can be bought. */
export interface Product {
  productId: string;
  name: string;
  description: string;
  /** In the currency of the shop. */
  price: number;
  /** How many are left. */
  stock: number;
  imageUrl?: string | null;
}

/** Some number of one product in a cart. */
export interface CartItem {
  productId: string;
  quantity: number;
  /** Of one piece, when it was put into the cart. */
  price: number;
}

/** What a customer has chosen so far. */
export interface Cart {
  cartId: string;
  items: CartItem[];
  /** The sum of all items. */
  subtotal: number;
}

/** Where an order is sent. */
export interface Address {
  street: string;
  city: string;
  state: string;
  zipCode: string;
  country: string;
}

/** A cart that was paid for. */
export interface Order {
  orderId: string;
  cart: Cart;
  shippingAddress: Address;
  paymentMethod: PaymentMethod;
  status: OrderStatus;
  total: number;
  /** Seconds since 1970-01-01 UTC. */
  createdAt: number;
}

/** What addToCart needs to know. */
export interface AddToCartRequest {
  /** The cart to add to; a new one if absent. */
  cartId?: string | null;
  productId: string;
  quantity: number;
}

/** What createOrder needs to know. */
export interface CreateOrderRequest {
  cartId: string;
  shippingAddress: Address;
  paymentMethod: PaymentMethod;
}

/** What createOrder came to. */
export interface CheckoutResponse {
  orderId: string;
  /** A word to the customer. */
  message?: string | null;
}

/** How far an order has come. */
export const OrderStatus = [
  "pending",
  "paid",
  "shipped",
  "delivered",
  "cancelled",
] as const;
/** How far an order has come. */
export type OrderStatus = (typeof OrderStatus)[number];

/** Ways to pay. */
export const PaymentMethod = [
  "credit_card",
  "debit_card",
  "paypal",
  "apple_pay",
] as const;
/** Ways to pay. */
export type PaymentMethod = (typeof PaymentMethod)[number];

/** There is no cart with the given id. */
export class CartNotFound extends Error {
  static readonly code = 1001;
  override readonly name: string = "CartNotFound";
  readonly code = 1001;
  /** The error's name in the contract. */
  readonly cls = "checkout.CartNotFound";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "Cart not found", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** The cart has no items. */
export class CartEmpty extends Error {
  static readonly code = 1002;
  override readonly name: string = "CartEmpty";
  readonly code = 1002;
  /** The error's name in the contract. */
  readonly cls = "checkout.CartEmpty";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "Cart is empty", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** The payment was refused. */
export class PaymentFailed extends Error {
  static readonly code = 1003;
  override readonly name: string = "PaymentFailed";
  readonly code = 1003;
  /** The error's name in the contract. */
  readonly cls = "checkout.PaymentFailed";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "Payment failed", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** Fewer are left than were asked for. */
export class OutOfStock extends Error {
  static readonly code = 1004;
  override readonly name: string = "OutOfStock";
  readonly code = 1004;
  /** The error's name in the contract. */
  readonly cls = "checkout.OutOfStock";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "Out of stock", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** The address is not complete. */
export class InvalidAddress extends Error {
  static readonly code = 1005;
  override readonly name: string = "InvalidAddress";
  readonly code = 1005;
  /** The error's name in the contract. */
  readonly cls = "checkout.InvalidAddress";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "Invalid address", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** The classes of all errors that are declared here. */
export const errors = [
  CartNotFound,
  CartEmpty,
  PaymentFailed,
  OutOfStock,
  InvalidAddress,
] as const;

/** The contract itself, in its JSON form. */
export const contract =
  '{"rootNamespace":"checkout","checksum":"QRhpvI82cyOt-09wpxUcS4-UvP8hFt5UuzryBpCpiF0","interfaces":[{"name":"CatalogService","namespace":"checkout","comment":"Products that can be bought.","methods":[{"name":"listProducts","comment":"All products, also those that are sold out.","returnType":{"array":{"userDefined":"Product"}}},{"name":"getProduct","comment":"One product, or null if there is none with this id.","parameters":[{"name":"productId","type":{"builtIn":"string"}}],"returnType":{"userDefined":"Product"},"returnOptional":true}]},{"name":"CartService","namespace":"checkout","comment":"What a customer wants to buy.","methods":[{"name":"addToCart","comment":"Puts a product into a cart. Without a cart id, a new cart is made.","parameters":[{"name":"request","type":{"userDefined":"AddToCartRequest"}}],"returnType":{"userDefined":"Cart"}},{"name":"getCart","comment":"One cart, or null if there is none with this id.","parameters":[{"name":"cartId","type":{"builtIn":"string"}}],"returnType":{"userDefined":"Cart"},"returnOptional":true},{"name":"clearCart","comment":"Removes everything from a cart. False if there is no such cart.","parameters":[{"name":"cartId","type":{"builtIn":"string"}}],"returnType":{"builtIn":"bool"}}]},{"name":"OrderService","namespace":"checkout","comment":"What a customer has bought.","methods":[{"name":"createOrder","comment":"Turns a cart into an order and takes the payment.","parameters":[{"name":"request","type":{"userDefined":"CreateOrderRequest"}}],"returnType":{"userDefined":"CheckoutResponse"}},{"name":"getOrder","comment":"One order, or null if there is none with this id.","parameters":[{"name":"orderId","type":{"builtIn":"string"}}],"returnType":{"userDefined":"Order"},"returnOptional":true}]}],"structs":[{"name":"Product","namespace":"checkout","comment":"Something that can be bought.","fields":[{"name":"productId","type":{"builtIn":"string"}},{"name":"name","type":{"builtIn":"string"}},{"name":"description","type":{"builtIn":"string"}},{"name":"price","type":{"builtIn":"float"},"comment":"In the currency of the shop."},{"name":"stock","type":{"builtIn":"int"},"comment":"How many are left."},{"name":"imageUrl","type":{"builtIn":"string"},"optional":true}]},{"name":"CartItem","namespace":"checkout","comment":"Some number of one product in a cart.","fields":[{"name":"productId","type":{"builtIn":"string"}},{"name":"quantity","type":{"builtIn":"int"}},{"name":"price","type":{"builtIn":"float"},"comment":"Of one piece, when it was put into the cart."}]},{"name":"Cart","namespace":"checkout","comment":"What a customer has chosen so far.","fields":[{"name":"cartId","type":{"builtIn":"string"}},{"name":"items","type":{"array":{"userDefined":"CartItem"}}},{"name":"subtotal","type":{"builtIn":"float"},"comment":"The sum of all items."}]},{"name":"Address","namespace":"checkout","comment":"Where an order is sent.","fields":[{"name":"street","type":{"builtIn":"string"}},{"name":"city","type":{"builtIn":"string"}},{"name":"state","type":{"builtIn":"string"}},{"name":"zipCode","type":{"builtIn":"string"}},{"name":"country","type":{"builtIn":"string"}}]},{"name":"Order","namespace":"checkout","comment":"A cart that was paid for.","fields":[{"name":"orderId","type":{"builtIn":"string"}},{"name":"cart","type":{"userDefined":"Cart"}},{"name":"shippingAddress","type":{"userDefined":"Address"}},{"name":"paymentMethod","type":{"userDefined":"PaymentMethod"}},{"name":"status","type":{"userDefined":"OrderStatus"}},{"name":"total","type":{"builtIn":"float"}},{"name":"createdAt","type":{"builtIn":"int"},"comment":"Seconds since 1970-01-01 UTC."}]},{"name":"AddToCartRequest","namespace":"checkout","comment":"What addToCart needs to know.","fields":[{"name":"cartId","type":{"builtIn":"string"},"optional":true,"comment":"The cart to add to; a new one if absent."},{"name":"productId","type":{"builtIn":"string"}},{"name":"quantity","type":{"builtIn":"int"}}]},{"name":"CreateOrderRequest","namespace":"checkout","comment":"What createOrder needs to know.","fields":[{"name":"cartId","type":{"builtIn":"string"}},{"name":"shippingAddress","type":{"userDefined":"Address"}},{"name":"paymentMethod","type":{"userDefined":"PaymentMethod"}}]},{"name":"CheckoutResponse","namespace":"checkout","comment":"What createOrder came to.","fields":[{"name":"orderId","type":{"builtIn":"string"}},{"name":"message","type":{"builtIn":"string"},"optional":true,"comment":"A word to the customer."}]}],"enums":[{"name":"OrderStatus","namespace":"checkout","comment":"How far an order has come.","values":[{"name":"pending"},{"name":"paid"},{"name":"shipped"},{"name":"delivered"},{"name":"cancelled"}]},{"name":"PaymentMethod","namespace":"checkout","comment":"Ways to pay.","values":[{"name":"credit_card"},{"name":"debit_card"},{"name":"paypal"},{"name":"apple_pay"}]}],"errors":[{"name":"checkout.CartNotFound","namespace":"checkout","code":1001,"message":"Cart not found","comment":"There is no cart with the given id."},{"name":"checkout.CartEmpty","namespace":"checkout","code":1002,"message":"Cart is empty","comment":"The cart has no items."},{"name":"checkout.PaymentFailed","namespace":"checkout","code":1003,"message":"Payment failed","comment":"The payment was refused."},{"name":"checkout.OutOfStock","namespace":"checkout","code":1004,"message":"Out of stock","comment":"Fewer are left than were asked for."},{"name":"checkout.InvalidAddress","namespace":"checkout","code":1005,"message":"Invalid address","comment":"The address is not complete."}]}';

/** What was found in a text while it was checked. */
interface $Index {
  has(at: number): boolean;
  isNull(at: number): boolean;
  string(at: number): string;
  float(at: number): number;
  int(at: number): number;
  bool(at: number): boolean;
  /** A value of an enum: `never` fits them all. */
  choice(at: number, name: string): never;
  inside(at: number): number;
  list<T>(at: number, read: ($: $Index, at: number) => T): T[];
  map<T>(at: number, read: ($: $Index, at: number) => T): { [key: string]: T };
  own(object: object, name: string, value: unknown): void;
}

function $Product($: $Index, at: number): Product {
  at = $.inside(at);
  const made: Product = {
    productId: $.string(at),
    name: $.string(at + 1),
    description: $.string(at + 2),
    price: $.float(at + 3),
    stock: $.int(at + 4),
  };
  if ($.has(at + 5)) made.imageUrl = $.isNull(at + 5) ? null : $.string(at + 5);
  return made;
}

function $CartItem($: $Index, at: number): CartItem {
  at = $.inside(at);
  return {
    productId: $.string(at),
    quantity: $.int(at + 1),
    price: $.float(at + 2),
  };
}

function $Cart($: $Index, at: number): Cart {
  at = $.inside(at);
  return {
    cartId: $.string(at),
    items: $.list(at + 1, $CartItem),
    subtotal: $.float(at + 2),
  };
}

function $Address($: $Index, at: number): Address {
  at = $.inside(at);
  return {
    street: $.string(at),
    city: $.string(at + 1),
    state: $.string(at + 2),
    zipCode: $.string(at + 3),
    country: $.string(at + 4),
  };
}

function $Order($: $Index, at: number): Order {
  at = $.inside(at);
  return {
    orderId: $.string(at),
    cart: $Cart($, at + 1),
    shippingAddress: $Address($, at + 2),
    paymentMethod: $.choice(at + 3, "PaymentMethod"),
    status: $.choice(at + 4, "OrderStatus"),
    total: $.float(at + 5),
    createdAt: $.int(at + 6),
  };
}

function $AddToCartRequest($: $Index, at: number): AddToCartRequest {
  at = $.inside(at);
  const made: AddToCartRequest = {
    productId: $.string(at + 1),
    quantity: $.int(at + 2),
  };
  if ($.has(at)) made.cartId = $.isNull(at) ? null : $.string(at);
  return made;
}

function $CreateOrderRequest($: $Index, at: number): CreateOrderRequest {
  at = $.inside(at);
  return {
    cartId: $.string(at),
    shippingAddress: $Address($, at + 1),
    paymentMethod: $.choice(at + 2, "PaymentMethod"),
  };
}

function $CheckoutResponse($: $Index, at: number): CheckoutResponse {
  at = $.inside(at);
  const made: CheckoutResponse = { orderId: $.string(at) };
  if ($.has(at + 1)) made.message = $.isNull(at + 1) ? null : $.string(at + 1);
  return made;
}

/** Makes the structs of the contract: the option `shapes` of the package's `Contract`. */
export const shapes = {
  layout: 3147312842,
  structs: {
    "Product": $Product,
    "CartItem": $CartItem,
    "Cart": $Cart,
    "Address": $Address,
    "Order": $Order,
    "AddToCartRequest": $AddToCartRequest,
    "CreateOrderRequest": $CreateOrderRequest,
    "CheckoutResponse": $CheckoutResponse,
  },
};
