//! The checkout service as a plugin: `checkout.pulse` over a shop in memory.

// As `pintle gen rust` writes it, which this project's own rustfmt.toml would not.
#[rustfmt::skip]
pub mod checkout;
mod numbered;
mod shop;

use std::cell::RefCell;

use crate::checkout::rpc::RpcError;
use crate::checkout::*;
pub use crate::shop::Shop;

pintle_guest::plugin! {
    impl checkout::{CatalogService, CartService, OrderService} for Checkout
}

/// What handles the calls. With isolation "single" there is one for everybody.
#[derive(Debug, Default)]
pub struct Checkout {
    shop: RefCell<Shop>,
}

impl CatalogService for Checkout {
    fn list_products(&self) -> Result<Vec<Product>, RpcError> {
        Ok(self.shop.borrow().products().to_vec())
    }

    fn get_product(&self, product_id: String) -> Result<Option<Product>, RpcError> {
        Ok(self.shop.borrow().product(&product_id).cloned())
    }
}

impl CartService for Checkout {
    fn add_to_cart(&self, request: AddToCartRequest) -> Result<Cart, RpcError> {
        self.shop.borrow_mut().add_to_cart(request)
    }

    fn get_cart(&self, cart_id: String) -> Result<Option<Cart>, RpcError> {
        Ok(self.shop.borrow().cart(&cart_id).cloned())
    }

    fn clear_cart(&self, cart_id: String) -> Result<bool, RpcError> {
        Ok(self.shop.borrow_mut().clear_cart(&cart_id))
    }
}

impl OrderService for Checkout {
    fn create_order(&self, request: CreateOrderRequest) -> Result<CheckoutResponse, RpcError> {
        let now = pintle_guest::now().as_secs();
        self.shop.borrow_mut().create_order(request, now)
    }

    fn get_order(&self, order_id: String) -> Result<Option<Order>, RpcError> {
        Ok(self.shop.borrow().order(&order_id).cloned())
    }
}
