"""The catalogue and the carts of shop.pulse. Carts are in memory, so one instance serves all calls."""

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import errors
from wit_world.imports.types import Cart, CartItem, Product

MOST_CARTS = 1000
MOST_PIECES = 1_000_000

PRODUCTS = {
    product.product_id: product
    for product in (
        Product("mouse", "Mouse", "Three buttons, no wire", 29.99, 50, None),
        Product("keyboard", "Keyboard", "Clicks when you type", 89.5, 25, "https://shop.example/keyboard.jpg"),
        Product("desk", 'Desk "Élan"', "Stands up with you", 1299.95, 2, None),
    )
}

carts = {}


def failure(code, message):
    return Err(errors.Error_Other(errors.RpcError(code, message, None)))


class CatalogService(exports.CatalogService):
    def list_products(self):
        return list(PRODUCTS.values())

    def get_product(self, product_id):
        return PRODUCTS.get(product_id)


class CartService(exports.CartService):
    def add_to_cart(self, request):
        if request.quantity < 1:
            raise failure(-32602, "quantity must be at least 1")
        product = PRODUCTS.get(request.product_id)
        if product is None:
            raise failure(-32602, f"there is no product {request.product_id}")
        cart = Cart(f"cart_{len(carts) + 1}", [], 0.0) if request.cart_id is None else carts.get(request.cart_id)
        if cart is None:
            # An empty message stands for the contract's own.
            raise Err(errors.Error_CartNotFound(errors.Detail("", None)))
        item = next((item for item in cart.items if item.product_id == request.product_id), None)
        pieces = request.quantity + (item.quantity if item else 0)
        if pieces > MOST_PIECES:
            raise failure(-32602, f"quantity must be at most {MOST_PIECES}")
        if cart.cart_id not in carts and len(carts) == MOST_CARTS:
            raise failure(507, "no room for another cart")

        # Nothing can be refused any more, so a refused request leaves no cart behind.
        carts[cart.cart_id] = cart
        if item:
            item.quantity = pieces
        else:
            cart.items.append(CartItem(product.product_id, pieces, product.price))
        # Sums of floats drift.
        cart.subtotal = sum(round(item.price * 100) * item.quantity for item in cart.items) / 100
        return cart
