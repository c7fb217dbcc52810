"""The conversation of a buyer with the checkout service, by the client that was made from its contract.

`conversation.py DIRECTORY URL`: the directory has what `gen python` writes; the shop is a new one.
"""

import sys
from typing import Any, Callable, Optional, TypeVar

sys.path.insert(0, sys.argv[1])
import checkout  # noqa: E402
from checkout import rpc  # noqa: E402

E = TypeVar("E", bound=Exception)

ADDRESS = checkout.Address("Quay 1", "Hamburg", "HH", "20457", "DE")


def fails(error: type[E], call: Callable[..., Any], *args: Any) -> E:
    try:
        call(*args)
    except error as why:
        return why
    raise AssertionError(f"{call} has not failed with {error}")


def adding(
    cart: Optional[str], product: str, quantity: int
) -> checkout.AddToCartRequest:
    return checkout.AddToCartRequest(product, quantity, cart_id=cart)


def order(cart: str, payment: checkout.PaymentMethod) -> checkout.CreateOrderRequest:
    return checkout.CreateOrderRequest(cart, ADDRESS, payment)


def main(url: str) -> None:
    http = rpc.HttpTransport(url, headers={"X-Buyer": "test"}, timeout=60)
    catalog = checkout.CatalogServiceClient(http)
    carts = checkout.CartServiceClient(http)
    orders = checkout.OrderServiceClient(http)

    products = catalog.list_products()
    assert [p.product_id for p in products] == ["mouse", "keyboard", "monitor", "desk"]
    desk = catalog.get_product("desk")
    assert desk is not None and (desk.price, type(desk.price)) == (1299.0, float), desk
    assert catalog.get_product("boat") is None

    cart = carts.add_to_cart(adding(None, "mouse", 1))
    item = checkout.CartItem("mouse", 1, 29.99)
    assert cart == checkout.Cart("cart_1", [item], 29.99), cart
    assert carts.get_cart("cart_1") == cart

    missing = fails(
        checkout.CartNotFound, carts.add_to_cart, adding("cart_9", "mouse", 1)
    )
    assert (missing.code, missing.message, missing.data) == (
        1001,
        "Cart not found",
        None,
    )
    assert (
        fails(rpc.RPCError, carts.add_to_cart, adding(None, "boat", 1)).code == -32602
    )
    wrong: Any = 7
    error = fails(rpc.RPCError, carts.get_cart, wrong)
    problem = {"path": "cartId", "expected": "string", "got": "int"}
    assert error.data["problems"] == [problem], error.data

    batch = rpc.Batch(http)
    batch.notify(carts.add_to_cart, adding("cart_1", "keyboard", 2))
    grown = batch.add(carts.get_cart, "cart_1")
    none = batch.add(
        orders.create_order, order("cart_9", checkout.PaymentMethod.PAYPAL)
    )
    listed = batch.add(catalog.list_products)
    fails(rpc.TransportError, grown.result)
    batch.send()
    assert listed.result() == products
    fails(checkout.CartNotFound, none.result)
    # A server may run the requests of a batch in any order.
    assert grown.result() is not None
    cart_2 = carts.get_cart("cart_1")
    assert cart_2 is not None and cart_2.subtotal == 208.99, cart_2

    rpc.notify(carts.clear_cart, "cart_1")
    fails(
        checkout.CartEmpty,
        orders.create_order,
        order("cart_1", checkout.PaymentMethod.PAYPAL),
    )
    carts.add_to_cart(adding("cart_1", "desk", 1))
    by_debit = order("cart_1", checkout.PaymentMethod.DEBIT_CARD)
    fails(checkout.PaymentFailed, orders.create_order, by_debit)
    response = orders.create_order(order("cart_1", checkout.PaymentMethod.CREDIT_CARD))
    assert response.order_id == "order_1" and response.message, response
    paid = orders.get_order("order_1")
    assert paid is not None and paid.status is checkout.OrderStatus.PAID, paid
    assert paid.shipping_address == ADDRESS and paid.created_at > 1_700_000_000, paid
    assert orders.get_order("order_2") is None

    elsewhere = checkout.CartServiceClient(http, at="elsewhere")
    assert fails(rpc.RPCError, elsewhere.get_cart, "x").code == -32601
    fails(
        rpc.TransportError,
        checkout.CartServiceClient(rpc.HttpTransport("http://127.0.0.1:1/")).get_cart,
        "x",
    )
    print("the conversation is over")


main(sys.argv[2])
