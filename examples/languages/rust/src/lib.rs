//! The catalogue and the carts of `shop.pulse`. Carts are in memory, so one instance serves all calls.

use std::cell::RefCell;

use pintle_guest::Error;
use serde::{Deserialize, Serialize};

pintle_guest::plugin! {
    CatalogService { listProducts: list_products, getProduct: get_product }
    CartService { addToCart: add_to_cart }
}

const MOST_CARTS: usize = 1000;
const MOST_PIECES: i64 = 1_000_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    product_id: &'static str,
    name: &'static str,
    description: &'static str,
    price: f64,
    stock: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'static str>,
}

static PRODUCTS: [Product; 3] = [
    Product {
        product_id: "mouse",
        name: "Mouse",
        description: "Three buttons, no wire",
        price: 29.99,
        stock: 50,
        image_url: None,
    },
    Product {
        product_id: "keyboard",
        name: "Keyboard",
        description: "Clicks when you type",
        price: 89.5,
        stock: 25,
        image_url: Some("https://shop.example/keyboard.jpg"),
    },
    Product {
        product_id: "desk",
        name: "Desk \"Élan\"",
        description: "Stands up with you",
        price: 1299.95,
        stock: 2,
        image_url: None,
    },
];

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cart {
    cart_id: String,
    items: Vec<Item>,
    subtotal: f64,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    product_id: &'static str,
    quantity: i64,
    price: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddToCartRequest {
    cart_id: Option<String>,
    product_id: String,
    quantity: i64,
}

thread_local! {
    static CARTS: RefCell<Vec<Cart>> = const { RefCell::new(Vec::new()) };
}

fn list_products() -> &'static [Product] {
    &PRODUCTS
}

fn get_product(product_id: String) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.product_id == product_id)
}

fn add_to_cart(request: AddToCartRequest) -> Result<Cart, Error> {
    let AddToCartRequest { cart_id, product_id, quantity } = request;
    if quantity < 1 {
        return Err(Error::invalid_params("quantity must be at least 1"));
    }
    let Some(product) = PRODUCTS.iter().find(|product| product.product_id == product_id) else {
        return Err(Error::invalid_params(format!("there is no product {product_id}")));
    };
    CARTS.with_borrow_mut(|carts| {
        let at = match cart_id {
            None => carts.len(),
            Some(id) => carts
                .iter()
                .position(|cart| cart.cart_id == id)
                .ok_or_else(|| Error::new(1001, "Cart not found"))?,
        };
        let cart = carts.get(at);
        let had = cart.and_then(|cart| cart.items.iter().find(|item| item.product_id == product.product_id));
        let pieces = quantity.saturating_add(had.map_or(0, |item| item.quantity));
        if pieces > MOST_PIECES {
            return Err(Error::invalid_params(format!("quantity must be at most {MOST_PIECES}")));
        }
        if at == MOST_CARTS {
            return Err(Error::new(507, "no room for another cart"));
        }

        // Nothing can be refused any more, so a refused request leaves no cart behind.
        if at == carts.len() {
            carts.push(Cart { cart_id: format!("cart_{}", at + 1), items: Vec::new(), subtotal: 0.0 });
        }
        let cart = &mut carts[at];
        match cart.items.iter_mut().find(|item| item.product_id == product.product_id) {
            Some(item) => item.quantity = pieces,
            None => cart.items.push(Item {
                product_id: product.product_id,
                quantity: pieces,
                price: product.price,
            }),
        }
        // Sums of floats drift.
        let cents: i64 =
            cart.items.iter().map(|item| (item.price * 100.0).round() as i64 * item.quantity).sum();
        cart.subtotal = cents as f64 / 100.0;
        Ok(cart.clone())
    })
}
