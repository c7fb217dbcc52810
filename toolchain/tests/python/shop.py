"""The checkout service in plain Python, 3 and 2.7, over HTTP: `shop.py DIRECTORY` prints where it listens.

The directory has what `gen python --server` writes.
"""

from __future__ import print_function

import os
import sys

try:
    from http.server import BaseHTTPRequestHandler, HTTPServer
except ImportError:  # Python 2
    from BaseHTTPServer import BaseHTTPRequestHandler, HTTPServer

sys.path.insert(0, sys.argv[1])
from pintle_server import Contract, RPCError, Server  # noqa: E402

CART_NOT_FOUND, CART_EMPTY, PAYMENT_FAILED, OUT_OF_STOCK, INVALID_ADDRESS = range(
    1001, 1006
)
INVALID_PARAMS = -32602

PRODUCTS = [
    ("mouse", "Mouse", "Three buttons, no wire", 29.99, 50),
    ("keyboard", "Keyboard", "Clicks when you type", 89.5, 25),
    ("monitor", "Monitor", "27 inches across", 349.0, 5),
    ("desk", "Desk", "Stands up with you", 1299.0, 2),
]
FIELDS = ("productId", "name", "description", "price", "stock")


class Shop(object):
    """Handles all three interfaces."""

    def __init__(self):
        self.products = [dict(zip(FIELDS, product)) for product in PRODUCTS]
        self.carts, self.orders = {}, {}

    def listProducts(self):
        return self.products

    def getProduct(self, productId):
        return next((p for p in self.products if p["productId"] == productId), None)

    def addToCart(self, request, ctx):
        if not ctx["remote"].startswith("127."):
            raise RPCError(INVALID_PARAMS, "only from this machine")
        product = self.getProduct(request["productId"])
        if product is None or request["quantity"] < 1:
            raise RPCError(INVALID_PARAMS, "no such product, or no quantity", request)
        id = request.get("cartId")
        if id is None:
            id = "cart_%d" % (len(self.carts) + 1)
            self.carts[id] = {"cartId": id, "items": [], "subtotal": 0.0}
        elif id not in self.carts:
            raise RPCError(CART_NOT_FOUND)
        cart = self.carts[id]
        for item in cart["items"]:
            if item["productId"] == request["productId"]:
                item["quantity"] += request["quantity"]
                break
        else:
            item = {"productId": product["productId"], "price": product["price"]}
            cart["items"].append(dict(item, quantity=request["quantity"]))
        cart["subtotal"] = round(
            sum(i["price"] * i["quantity"] for i in cart["items"]), 2
        )
        return cart

    def getCart(self, cartId):
        return self.carts.get(cartId)

    def clearCart(self, cartId):
        if cartId in self.carts:
            self.carts[cartId].update(items=[], subtotal=0.0)
        return cartId in self.carts

    def createOrder(self, ctx, request):
        assert ctx["headers"]["content-type"] == "application/json", ctx
        cart = self.carts.get(request["cartId"])
        if cart is None:
            raise RPCError(CART_NOT_FOUND)
        if not cart["items"]:
            raise RPCError(CART_EMPTY)
        if not all(
            request["shippingAddress"][part].strip()
            for part in ("street", "city", "zipCode")
        ):
            raise RPCError(INVALID_ADDRESS)
        for item in cart["items"]:
            if self.getProduct(item["productId"])["stock"] < item["quantity"]:
                raise RPCError(OUT_OF_STOCK)
        if request["paymentMethod"] == "debit_card" and cart["subtotal"] > 1000:
            raise RPCError(PAYMENT_FAILED)
        for item in cart["items"]:
            self.getProduct(item["productId"])["stock"] -= item["quantity"]
        id = "order_%d" % (len(self.orders) + 1)
        order = {
            "orderId": id,
            "cart": dict(cart),
            "status": "paid",
            "createdAt": 1700000001,
        }
        self.orders[id] = dict(request, total=cart["subtotal"], **order)
        self.clearCart(request["cartId"])
        return {"orderId": id, "message": "Thank you for your order"}

    def getOrder(self, orderId):
        return self.orders.get(orderId)


class Post(BaseHTTPRequestHandler):
    """Answers POST with what the server answers."""

    server_version = "Shop"

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > 1 << 20:
            return self.send_error(413)
        headers = dict((name.lower(), value) for name, value in self.headers.items())
        ctx = {"remote": self.client_address[0], "headers": headers}
        reply = self.server.rpc.handle(self.rfile.read(length), ctx)
        self.send_response(200 if reply else 204)
        if reply:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply or b"")

    def log_message(self, format, *args):
        pass


def main():
    rpc = Server(
        Contract.load(os.path.join(sys.argv[1], "checkout", "idl.json")),
        errors="declared",
    )
    shop = Shop()
    for interface in ("CatalogService", "CartService", "OrderService"):
        rpc.add_handler(interface, shop)
    http = HTTPServer(("127.0.0.1", 0), Post)
    http.rpc = rpc
    print("listening http://127.0.0.1:%d/" % http.socket.getsockname()[1])
    sys.stdout.flush()
    http.serve_forever()


main()
