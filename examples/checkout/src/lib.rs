//! The checkout service as a plugin: `checkout.pulse` over a shop that is kept in the plugin's bucket.

// As `pintle gen rust` writes it, which this project's own rustfmt.toml would not.
#[rustfmt::skip]
pub mod checkout;
mod kept;
mod numbered;
mod shop;
mod stock;

use crate::checkout::rpc::RpcError;
use crate::checkout::*;
pub use crate::shop::Shop;

pintle_guest::plugin! {
    impl checkout::{CatalogService, CartService, OrderService} for Checkout
}

/// What handles the calls.
#[derive(Debug, Default)]
pub struct Checkout {
    shop: Shop,
}

impl CatalogService for Checkout {
    fn list_products(&self) -> Result<Vec<Product>, RpcError> {
        self.shop.products()
    }

    fn get_product(&self, product_id: String) -> Result<Option<Product>, RpcError> {
        self.shop.product(&product_id)
    }
}

impl CartService for Checkout {
    fn add_to_cart(&self, request: AddToCartRequest) -> Result<Cart, RpcError> {
        self.shop.add_to_cart(request)
    }

    fn get_cart(&self, cart_id: String) -> Result<Option<Cart>, RpcError> {
        self.shop.cart(&cart_id)
    }

    fn clear_cart(&self, cart_id: String) -> Result<bool, RpcError> {
        self.shop.clear_cart(&cart_id)
    }
}

impl OrderService for Checkout {
    fn create_order(&self, request: CreateOrderRequest) -> Result<CheckoutResponse, RpcError> {
        self.shop.create_order(request, pintle_guest::now().as_secs())
    }

    fn get_order(&self, order_id: String) -> Result<Option<Order>, RpcError> {
        self.shop.order(&order_id)
    }
}
