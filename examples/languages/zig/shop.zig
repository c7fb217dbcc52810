//! The catalogue and the carts of shop.pulse. Carts are in memory, so one instance serves all calls.
const std = @import("std");
const pintle = @import("pintle");

comptime {
    asm (pintle.interfaces(&.{ "CatalogService", "CartService" }));
    pintle.plugin(.{
        .{ "CatalogService.listProducts", listProducts },
        .{ "CatalogService.getProduct", getProduct },
        .{ "CartService.addToCart", addToCart },
    });
}

const most_carts = 1000;
const most_pieces = 1_000_000;

const Product = struct {
    productId: []const u8,
    name: []const u8,
    description: []const u8,
    price: f64,
    stock: i64,
    imageUrl: ?[]const u8 = null,
};

const products = [_]Product{
    .{
        .productId = "mouse",
        .name = "Mouse",
        .description = "Three buttons, no wire",
        .price = 29.99,
        .stock = 50,
    },
    .{
        .productId = "keyboard",
        .name = "Keyboard",
        .description = "Clicks when you type",
        .price = 89.5,
        .stock = 25,
        .imageUrl = "https://shop.example/keyboard.jpg",
    },
    .{
        .productId = "desk",
        .name = "Desk \"Élan\"",
        .description = "Stands up with you",
        .price = 1299.95,
        .stock = 2,
    },
};

const CartItem = struct { productId: []const u8, quantity: i64, price: f64 };
const Cart = struct { cartId: []const u8, items: []const CartItem, subtotal: f64 };
const AddToCartRequest = struct { cartId: ?[]const u8 = null, productId: []const u8, quantity: i64 };

/// What outlives a call: for each cart its items, at most one for each product.
const Kept = struct { items: [products.len]CartItem = undefined, count: usize = 0 };
var carts: [most_carts]Kept = undefined;
var cart_count: usize = 0;

fn listProducts(_: *pintle.Call) []const Product {
    return &products;
}

fn getProduct(_: *pintle.Call, product_id: []const u8) ?Product {
    for (products) |product| if (std.mem.eql(u8, product.productId, product_id)) return product;
    return null;
}

fn addToCart(call: *pintle.Call, request: AddToCartRequest) !Cart {
    if (request.quantity < 1) return call.fail(-32602, "quantity must be at least 1");
    const product = for (&products) |*product| {
        if (std.mem.eql(u8, product.productId, request.productId)) break product;
    } else return call.fail(-32602, try call.format("there is no product {s}", .{request.productId}));
    const at = if (request.cartId) |id| for (0..cart_count) |at| {
        if (std.mem.eql(u8, id, try call.format("cart_{d}", .{at + 1}))) break at;
    } else return call.fail(1001, "Cart not found") else cart_count;

    var cart: Kept = if (at < cart_count) carts[at] else .{};
    const item = for (cart.items[0..cart.count]) |*item| {
        if (item.productId.ptr == product.productId.ptr) break item;
    } else new: {
        const item = &cart.items[cart.count];
        item.* = .{ .productId = product.productId, .quantity = 0, .price = product.price };
        cart.count += 1;
        break :new item;
    };
    item.quantity +|= request.quantity;
    if (item.quantity > most_pieces)
        return call.fail(-32602, try call.format("quantity must be at most {d}", .{most_pieces}));
    if (at == most_carts) return call.fail(507, "no room for another cart");

    // Nothing can be refused any more, so a refused request leaves no cart behind.
    cart_count = @max(cart_count, at + 1);
    carts[at] = cart;
    var cents: i64 = 0; // sums of floats drift
    for (cart.items[0..cart.count]) |each| cents += @as(i64, @intFromFloat(@round(each.price * 100))) * each.quantity;
    return .{
        .cartId = try call.format("cart_{d}", .{at + 1}),
        .items = carts[at].items[0..cart.count],
        .subtotal = @as(f64, @floatFromInt(cents)) / 100,
    };
}
