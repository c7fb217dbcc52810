"""The contract `checkout`.

Written by `pintle gen python`: what is changed here is lost when it is written again.
"""

from __future__ import annotations

import abc
import dataclasses
import enum
from typing import ClassVar, Optional

from . import rpc as _rpc


class OrderStatus(str, enum.Enum):
    """How far an order has come."""

    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class PaymentMethod(str, enum.Enum):
    """Ways to pay."""

    CREDIT_CARD = "credit_card"
    DEBIT_CARD = "debit_card"
    PAYPAL = "paypal"
    APPLE_PAY = "apple_pay"


@dataclasses.dataclass
class Product:
    """Something that can be bought."""

    product_id: str
    name: str
    description: str

    price: float
    """In the currency of the shop."""

    stock: int
    """How many are left."""

    image_url: Optional[str] = None

    WIRE_NAMES: ClassVar[dict[str, str]] = {
        "product_id": "productId",
        "image_url": "imageUrl",
    }


@dataclasses.dataclass
class CartItem:
    """Some number of one product in a cart."""

    product_id: str
    quantity: int

    price: float
    """Of one piece, when it was put into the cart."""

    WIRE_NAMES: ClassVar[dict[str, str]] = {"product_id": "productId"}


@dataclasses.dataclass
class Cart:
    """What a customer has chosen so far."""

    cart_id: str
    items: list[CartItem]

    subtotal: float
    """The sum of all items."""

    WIRE_NAMES: ClassVar[dict[str, str]] = {"cart_id": "cartId"}


@dataclasses.dataclass
class Address:
    """Where an order is sent."""

    street: str
    city: str
    state: str
    zip_code: str
    country: str

    WIRE_NAMES: ClassVar[dict[str, str]] = {"zip_code": "zipCode"}


@dataclasses.dataclass
class Order:
    """A cart that was paid for."""

    order_id: str
    cart: Cart
    shipping_address: Address
    payment_method: PaymentMethod
    status: OrderStatus
    total: float

    created_at: int
    """Seconds since 1970-01-01 UTC."""

    WIRE_NAMES: ClassVar[dict[str, str]] = {
        "order_id": "orderId",
        "shipping_address": "shippingAddress",
        "payment_method": "paymentMethod",
        "created_at": "createdAt",
    }


@dataclasses.dataclass
class AddToCartRequest:
    """What addToCart needs to know."""

    product_id: str
    quantity: int

    cart_id: Optional[str] = None
    """The cart to add to; a new one if absent."""

    WIRE_NAMES: ClassVar[dict[str, str]] = {
        "cart_id": "cartId",
        "product_id": "productId",
    }


@dataclasses.dataclass
class CreateOrderRequest:
    """What createOrder needs to know."""

    cart_id: str
    shipping_address: Address
    payment_method: PaymentMethod

    WIRE_NAMES: ClassVar[dict[str, str]] = {
        "cart_id": "cartId",
        "shipping_address": "shippingAddress",
        "payment_method": "paymentMethod",
    }


@dataclasses.dataclass
class CheckoutResponse:
    """What createOrder came to."""

    order_id: str

    message: Optional[str] = None
    """A word to the customer."""

    WIRE_NAMES: ClassVar[dict[str, str]] = {"order_id": "orderId"}


class CartNotFound(_rpc.DeclaredError):
    """There is no cart with the given id."""

    CODE = 1001
    MESSAGE = "Cart not found"


class CartEmpty(_rpc.DeclaredError):
    """The cart has no items."""

    CODE = 1002
    MESSAGE = "Cart is empty"


class PaymentFailed(_rpc.DeclaredError):
    """The payment was refused."""

    CODE = 1003
    MESSAGE = "Payment failed"


class OutOfStock(_rpc.DeclaredError):
    """Fewer are left than were asked for."""

    CODE = 1004
    MESSAGE = "Out of stock"


class InvalidAddress(_rpc.DeclaredError):
    """The address is not complete."""

    CODE = 1005
    MESSAGE = "Invalid address"


class CatalogServiceClient(_rpc.Client):
    """Products that can be bought."""

    INTERFACE = "CatalogService"

    def list_products(self) -> list[Product]:
        """All products, also those that are sold out."""
        return self._call(_rpc.Returns[list[Product]], "listProducts")

    def get_product(self, product_id: str) -> Optional[Product]:
        """One product, or null if there is none with this id."""
        return self._call(_rpc.Returns[Optional[Product]], "getProduct", product_id)


class CatalogServiceHandler(abc.ABC):
    """Products that can be bought."""

    METHODS: ClassVar[dict[str, str]] = {
        "listProducts": "list_products",
        "getProduct": "get_product",
    }

    @abc.abstractmethod
    def list_products(self) -> list[Product]:
        """All products, also those that are sold out."""

    @abc.abstractmethod
    def get_product(self, product_id: str) -> Optional[Product]:
        """One product, or null if there is none with this id."""


class CartServiceClient(_rpc.Client):
    """What a customer wants to buy."""

    INTERFACE = "CartService"

    def add_to_cart(self, request: AddToCartRequest) -> Cart:
        """Puts a product into a cart. Without a cart id, a new cart is made."""
        return self._call(_rpc.Returns[Cart], "addToCart", request)

    def get_cart(self, cart_id: str) -> Optional[Cart]:
        """One cart, or null if there is none with this id."""
        return self._call(_rpc.Returns[Optional[Cart]], "getCart", cart_id)

    def clear_cart(self, cart_id: str) -> bool:
        """Removes everything from a cart. False if there is no such cart."""
        return self._call(_rpc.Returns[bool], "clearCart", cart_id)


class CartServiceHandler(abc.ABC):
    """What a customer wants to buy."""

    METHODS: ClassVar[dict[str, str]] = {
        "addToCart": "add_to_cart",
        "getCart": "get_cart",
        "clearCart": "clear_cart",
    }

    @abc.abstractmethod
    def add_to_cart(self, request: AddToCartRequest) -> Cart:
        """Puts a product into a cart. Without a cart id, a new cart is made."""

    @abc.abstractmethod
    def get_cart(self, cart_id: str) -> Optional[Cart]:
        """One cart, or null if there is none with this id."""

    @abc.abstractmethod
    def clear_cart(self, cart_id: str) -> bool:
        """Removes everything from a cart. False if there is no such cart."""


class OrderServiceClient(_rpc.Client):
    """What a customer has bought."""

    INTERFACE = "OrderService"

    def create_order(self, request: CreateOrderRequest) -> CheckoutResponse:
        """Turns a cart into an order and takes the payment."""
        return self._call(_rpc.Returns[CheckoutResponse], "createOrder", request)

    def get_order(self, order_id: str) -> Optional[Order]:
        """One order, or null if there is none with this id."""
        return self._call(_rpc.Returns[Optional[Order]], "getOrder", order_id)


class OrderServiceHandler(abc.ABC):
    """What a customer has bought."""

    METHODS: ClassVar[dict[str, str]] = {
        "createOrder": "create_order",
        "getOrder": "get_order",
    }

    @abc.abstractmethod
    def create_order(self, request: CreateOrderRequest) -> CheckoutResponse:
        """Turns a cart into an order and takes the payment."""

    @abc.abstractmethod
    def get_order(self, order_id: str) -> Optional[Order]:
        """One order, or null if there is none with this id."""
