//! The checkout service as a plugin: `checkout.pulse` as plain functions over a shop in memory.

mod numbered;
mod shop;
mod types;

use std::cell::RefCell;

use pintle_guest::Error;

pub use crate::shop::Shop;
pub use crate::types::*;

pintle_guest::plugin! {
    CatalogService { listProducts: list_products, getProduct: get_product }
    CartService { addToCart: add_to_cart, getCart: get_cart, clearCart: clear_cart }
    OrderService { createOrder: create_order, getOrder: get_order }
}

thread_local! {
    // A guest has one thread and, with isolation "single", one instance: this is the shop.
    static SHOP: RefCell<Shop> = RefCell::new(Shop::open());
}

fn list_products() -> Vec<Product> {
    SHOP.with_borrow(|shop| shop.products().to_vec())
}

fn get_product(product_id: String) -> Option<Product> {
    SHOP.with_borrow(|shop| shop.product(&product_id).cloned())
}

fn add_to_cart(request: AddToCartRequest) -> Result<Cart, Error> {
    SHOP.with_borrow_mut(|shop| shop.add_to_cart(request))
}

fn get_cart(cart_id: String) -> Option<Cart> {
    SHOP.with_borrow(|shop| shop.cart(&cart_id).cloned())
}

fn clear_cart(cart_id: String) -> bool {
    SHOP.with_borrow_mut(|shop| shop.clear_cart(&cart_id))
}

fn create_order(request: CreateOrderRequest) -> Result<CheckoutResponse, Error> {
    let now = pintle_guest::now().as_secs();
    SHOP.with_borrow_mut(|shop| shop.create_order(request, now))
}

fn get_order(order_id: String) -> Option<Order> {
    SHOP.with_borrow(|shop| shop.order(&order_id).cloned())
}
