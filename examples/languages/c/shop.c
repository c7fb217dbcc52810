// The catalogue and the carts of shop.pulse. Carts are in memory, so one instance serves all calls.
#define PINTLE_IMPLEMENTATION
#include "pintle.h"

#include <math.h>

PINTLE_INTERFACES("[\"CatalogService\",\"CartService\"]")

enum { PRODUCTS = 3, MOST_CARTS = 1000, MOST_PIECES = 1000000 };

typedef struct {
    const char *id, *name, *description;
    double price;
    int64_t stock;
    const char *image; // or NULL
} product;

static const product products[PRODUCTS] = {
    {"mouse", "Mouse", "Three buttons, no wire", 29.99, 50, NULL},
    {"keyboard", "Keyboard", "Clicks when you type", 89.5, 25, "https://shop.example/keyboard.jpg"},
    {"desk", "Desk \"Élan\"", "Stands up with you", 1299.95, 2, NULL},
};

typedef struct {
    size_t count;
    struct {
        const product *product;
        int64_t quantity;
    } items[PRODUCTS];
} cart;

// The cart with the id cart_1 is the first.
static cart carts[MOST_CARTS];
static size_t cart_count;

static const product *find_product(pintle_text id) {
    for (size_t at = 0; at < PRODUCTS; at++)
        if (pintle_equal(id, products[at].id)) return &products[at];
    return NULL;
}

static void put_product(pintle_out *out, const product *product) {
    pintle_begin_object(out);
    pintle_put_key(out, "productId");
    pintle_put_string(out, product->id);
    pintle_put_key(out, "name");
    pintle_put_string(out, product->name);
    pintle_put_key(out, "description");
    pintle_put_string(out, product->description);
    pintle_put_key(out, "price");
    pintle_put_float(out, product->price);
    pintle_put_key(out, "stock");
    pintle_put_int(out, product->stock);
    if (product->image) {
        pintle_put_key(out, "imageUrl");
        pintle_put_string(out, product->image);
    }
    pintle_end_object(out);
}

static void list_products(const pintle_value *params, pintle_out *out) {
    (void)params;
    pintle_begin_list(out);
    for (size_t at = 0; at < PRODUCTS; at++) put_product(out, &products[at]);
    pintle_end_list(out);
}

static void get_product(const pintle_value *params, pintle_out *out) {
    const product *product = find_product(pintle_text_of(pintle_item(params, 0)));
    if (product) put_product(out, product);
    else pintle_put_null(out);
}

static cart *find_cart(pintle_text id) {
    for (size_t at = 0; at < cart_count; at++)
        if (pintle_equal(id, pintle_format("cart_%zu", at + 1))) return &carts[at];
    return NULL;
}

static void put_cart(pintle_out *out, const cart *cart) {
    int64_t cents = 0; // sums of floats drift
    pintle_begin_object(out);
    pintle_put_key(out, "cartId");
    pintle_put_string(out, pintle_format("cart_%zu", (size_t)(cart - carts) + 1));
    pintle_put_key(out, "items");
    pintle_begin_list(out);
    for (size_t at = 0; at < cart->count; at++) {
        pintle_begin_object(out);
        pintle_put_key(out, "productId");
        pintle_put_string(out, cart->items[at].product->id);
        pintle_put_key(out, "quantity");
        pintle_put_int(out, cart->items[at].quantity);
        pintle_put_key(out, "price");
        pintle_put_float(out, cart->items[at].product->price);
        pintle_end_object(out);
        cents += llround(cart->items[at].product->price * 100) * cart->items[at].quantity;
    }
    pintle_end_list(out);
    pintle_put_key(out, "subtotal");
    pintle_put_float(out, (double)cents / 100);
    pintle_end_object(out);
}

static void add_to_cart(const pintle_value *params, pintle_out *out) {
    const pintle_value *request = pintle_item(params, 0);
    const pintle_value *cart_id = pintle_member(request, "cartId");
    pintle_text product_id = pintle_text_of(pintle_member(request, "productId"));
    int64_t quantity = pintle_int_of(pintle_member(request, "quantity"));

    if (quantity < 1) return pintle_fail(out, -32602, "quantity must be at least 1");
    const product *product = find_product(product_id);
    if (!product) {
        const char *why = pintle_format("there is no product %.*s", (int)product_id.len, product_id.bytes);
        return pintle_fail(out, -32602, why);
    }
    cart *cart = cart_id ? find_cart(pintle_text_of(cart_id)) : NULL;
    if (cart_id && !cart) return pintle_fail(out, 1001, "Cart not found");

    size_t at = 0;
    while (cart && at < cart->count && cart->items[at].product != product) at++;
    int64_t had = cart && at < cart->count ? cart->items[at].quantity : 0;
    if (quantity > MOST_PIECES - had) return pintle_fail(out, -32602, "quantity must be at most 1000000");

    // Nothing can be refused any more, so a refused request leaves no cart behind.
    if (!cart) {
        if (cart_count == MOST_CARTS) return pintle_fail(out, 507, "no room for another cart");
        cart = &carts[cart_count++];
    }
    if (at == cart->count) cart->items[cart->count++].product = product;
    cart->items[at].quantity = had + quantity;
    put_cart(out, cart);
}

const pintle_method pintle_methods[] = {
    {"CatalogService.listProducts", list_products},
    {"CatalogService.getProduct", get_product},
    {"CartService.addToCart", add_to_cart},
    {0},
};
