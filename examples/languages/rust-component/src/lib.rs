//! The catalogue and the carts of `shop.pulse`. Carts are in memory, so one instance serves all calls.

use std::cell::RefCell;

use exports::pintle::checkout::{cart_service, catalog_service};
use pintle::checkout::errors::{Detail, Error, RpcError};
use pintle::checkout::types::{AddToCartRequest, Cart, CartItem, Product};

wit_bindgen::generate!({ path: "../wit", world: "plugin", generate_all });

export!(Shop);

struct Shop;

const MOST_CARTS: usize = 1000;
const MOST_PIECES: i64 = 1_000_000;

thread_local! {
    static CARTS: RefCell<Vec<Cart>> = const { RefCell::new(Vec::new()) };
}

fn products() -> [Product; 3] {
    let product = |id: &str, name: &str, description: &str, price, stock, image: Option<&str>| Product {
        product_id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        price,
        stock,
        image_url: image.map(str::to_owned),
    };
    [
        product("mouse", "Mouse", "Three buttons, no wire", 29.99, 50, None),
        product(
            "keyboard",
            "Keyboard",
            "Clicks when you type",
            89.5,
            25,
            Some("https://shop.example/keyboard.jpg"),
        ),
        product("desk", "Desk \"Élan\"", "Stands up with you", 1299.95, 2, None),
    ]
}

fn failure(code: i32, message: impl Into<String>) -> Error {
    Error::Other(RpcError { code, message: message.into(), data: None })
}

impl catalog_service::Guest for Shop {
    fn list_products() -> Result<Vec<Product>, Error> {
        Ok(products().into())
    }

    fn get_product(product_id: String) -> Result<Option<Product>, Error> {
        Ok(products().into_iter().find(|product| product.product_id == product_id))
    }
}

impl cart_service::Guest for Shop {
    fn add_to_cart(request: AddToCartRequest) -> Result<Cart, Error> {
        let AddToCartRequest { cart_id, product_id, quantity } = request;
        if quantity < 1 {
            return Err(failure(-32602, "quantity must be at least 1"));
        }
        let product = products().into_iter().find(|product| product.product_id == product_id);
        let product = product.ok_or_else(|| failure(-32602, format!("there is no product {product_id}")))?;
        CARTS.with_borrow_mut(|carts| {
            let at = match cart_id {
                None => carts.len(),
                Some(id) => carts
                    .iter()
                    .position(|cart| cart.cart_id == id)
                    // An empty message stands for the contract's own.
                    .ok_or_else(|| Error::CartNotFound(Detail { message: String::new(), data: None }))?,
            };
            let cart = carts.get(at);
            let had = cart.and_then(|cart| cart.items.iter().find(|item| item.product_id == product_id));
            let pieces = quantity.saturating_add(had.map_or(0, |item| item.quantity));
            if pieces > MOST_PIECES {
                return Err(failure(-32602, format!("quantity must be at most {MOST_PIECES}")));
            }
            if at == MOST_CARTS {
                return Err(failure(507, "no room for another cart"));
            }

            // Nothing can be refused any more, so a refused request leaves no cart behind.
            if at == carts.len() {
                carts.push(Cart { cart_id: format!("cart_{}", at + 1), items: Vec::new(), subtotal: 0.0 });
            }
            let cart = &mut carts[at];
            match cart.items.iter_mut().find(|item| item.product_id == product_id) {
                Some(item) => item.quantity = pieces,
                None => cart.items.push(CartItem { product_id, quantity: pieces, price: product.price }),
            }
            // Sums of floats drift.
            let cents: i64 =
                cart.items.iter().map(|item| (item.price * 100.0).round() as i64 * item.quantity).sum();
            cart.subtotal = cents as f64 / 100.0;
            Ok(cart.clone())
        })
    }
}
