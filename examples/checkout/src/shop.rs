//! The shop: what it sells, the carts and the orders.

use crate::checkout::rpc::RpcError;
use crate::checkout::*;
use crate::kept;
use crate::numbered::Numbered;
use crate::stock::{self, quantity_in};

/// Pieces of one product in one cart.
const MOST_PIECES: i64 = 1_000_000;
/// Carts that are remembered, and orders.
const MOST_REMEMBERED: i64 = 10_000;
/// A debit card pays up to this.
const DEBIT_LIMIT_CENTS: i64 = 100_000;

/// What is for sale. Everything that changes is in the plugin's bucket, so that all instances are one shop.
#[derive(Debug)]
pub struct Shop {
    /// With the stock that there was at first.
    products: Vec<Product>,
    carts: Numbered<Cart>,
    orders: Numbered<Order>,
}

impl Default for Shop {
    fn default() -> Self {
        let product = |id: &str, name: &str, description: &str, price, stock, image: Option<&str>| Product {
            product_id: id.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            price,
            stock,
            image_url: image.map(str::to_owned),
        };
        Shop {
            products: vec![
                product("mouse", "Mouse", "Three buttons, no wire", 29.99, 50, None),
                product(
                    "keyboard",
                    "Keyboard",
                    "Clicks when you type",
                    89.5,
                    25,
                    Some("https://shop.example/keyboard.jpg"),
                ),
                product("monitor", "Monitor", "27 inches across", 349.0, 5, None),
                product("desk", "Desk", "Stands up with you", 1299.0, 2, None),
            ],
            carts: Numbered::new("cart_", MOST_REMEMBERED),
            orders: Numbered::new("order_", MOST_REMEMBERED),
        }
    }
}

impl Shop {
    /// Everything for sale.
    pub fn products(&self) -> Result<Vec<Product>, RpcError> {
        let sold = stock::sold()?;
        let now = |product: &Product| Product { stock: stock::left(product, &sold), ..product.clone() };
        Ok(self.products.iter().map(now).collect())
    }

    /// One product.
    pub fn product(&self, id: &str) -> Result<Option<Product>, RpcError> {
        Ok(self.products()?.into_iter().find(|product| product.product_id == id))
    }

    /// One cart.
    pub fn cart(&self, id: &str) -> Result<Option<Cart>, RpcError> {
        self.carts.find(id)
    }

    /// One order.
    pub fn order(&self, id: &str) -> Result<Option<Order>, RpcError> {
        self.orders.find(id)
    }

    /// Adds pieces of a product to a cart, to a new one if the request names none.
    ///
    /// # Errors
    ///
    /// Invalid params for an unknown product or a quantity that makes no sense; 1001 for an unknown cart.
    pub fn add_to_cart(&self, request: AddToCartRequest) -> Result<Cart, RpcError> {
        let AddToCartRequest { cart_id, product_id, quantity } = request;
        if quantity < 1 {
            return Err(RpcError::invalid_params("quantity must be at least 1"));
        }
        let product = self.products.iter().find(|product| product.product_id == product_id);
        let product =
            product.ok_or_else(|| RpcError::invalid_params(format!("there is no product {product_id}")))?;
        let add = |cart: &mut Cart| {
            put(cart, product, quantity)?;
            Ok(cart.clone())
        };
        match cart_id {
            Some(id) => self.carts.change(&id, add)?.ok_or_else(|| Error::CartNotFound.into()),
            None => {
                let empty = |cart_id| Cart { cart_id, items: Vec::new(), subtotal: 0.0 };
                // Before it has an id, so a refused request leaves no cart behind.
                let cart = add(&mut empty(String::new()))?;
                self.carts.add(|cart_id| Cart { cart_id, ..cart })
            }
        }
    }

    /// Empties a cart; false if there is no such cart.
    pub fn clear_cart(&self, id: &str) -> Result<bool, RpcError> {
        let cleared = self.carts.change(id, |cart| {
            *cart = emptied(cart);
            Ok(())
        });
        Ok(cleared?.is_some())
    }

    /// Orders what is in a cart, at `now` (seconds since 1970-01-01T00:00:00Z): takes it out of the stock and empties
    /// the cart.
    ///
    /// # Errors
    ///
    /// In this order: 1001 no such cart, 1002 nothing in it, 1005 an address without street, city or zip code, 1004 not
    /// enough in stock, 1003 a debit card for more than 1,000.00. After an error nothing has changed.
    pub fn create_order(&self, request: CreateOrderRequest, now: u64) -> Result<CheckoutResponse, RpcError> {
        let CreateOrderRequest { cart_id, shipping_address, payment_method } = request;
        loop {
            let (cart, read) = self.carts.read(&cart_id)?.ok_or(Error::CartNotFound)?;
            if cart.items.is_empty() {
                return Err(Error::CartEmpty.into());
            }
            let Address { street, city, zip_code, .. } = &shipping_address;
            if [street, city, zip_code].iter().any(|part| part.trim().is_empty()) {
                return Err(Error::InvalidAddress.into());
            }
            if !stock::covers(&self.products, &stock::sold()?, &cart) {
                return Err(Error::OutOfStock.into());
            }
            let cents = cents_of(&cart.items);
            if payment_method == PaymentMethod::DebitCard && cents > DEBIT_LIMIT_CENTS {
                return Err(Error::PaymentFailed.into());
            }

            // A server that is killed in between has sold a piece too many, never the same one twice.
            stock::take(&self.products, &cart)?;
            if !kept::replace(&cart_id, Some(&read), &emptied(&cart))? {
                // Another call has changed the cart, or ordered it.
                stock::give_back(&cart)?;
                continue;
            }
            let order = self.orders.add(|order_id| Order {
                order_id,
                cart,
                shipping_address,
                payment_method,
                status: OrderStatus::Paid,
                total: amount(cents),
                created_at: i64::try_from(now).unwrap_or(i64::MAX),
            })?;
            let message = Some("Thank you for your order".to_owned());
            return Ok(CheckoutResponse { order_id: order.order_id, message });
        }
    }
}

/// Puts pieces of a product into a cart.
fn put(cart: &mut Cart, product: &Product, quantity: i64) -> Result<(), RpcError> {
    let pieces = quantity_in(cart, &product.product_id)
        .checked_add(quantity)
        .filter(|pieces| *pieces <= MOST_PIECES)
        .ok_or_else(|| RpcError::invalid_params(format!("quantity must be at most {MOST_PIECES}")))?;
    match cart.items.iter_mut().find(|item| item.product_id == product.product_id) {
        Some(item) => item.quantity = pieces,
        None => {
            let (product_id, price) = (product.product_id.clone(), product.price);
            cart.items.push(CartItem { product_id, quantity: pieces, price });
        }
    }
    cart.subtotal = amount(cents_of(&cart.items));
    Ok(())
}

fn emptied(cart: &Cart) -> Cart {
    Cart { cart_id: cart.cart_id.clone(), items: Vec::new(), subtotal: 0.0 }
}

/// The sum in whole cents: sums of floats drift. A cart holds at most four products of a million pieces, so it fits.
fn cents_of(items: &[CartItem]) -> i64 {
    items.iter().map(|item| (item.price * 100.0).round() as i64 * item.quantity).sum()
}

fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}
