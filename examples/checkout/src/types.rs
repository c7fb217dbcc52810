//! The contract's types, as `checkout.pulse` declares them.

use serde::{Deserialize, Serialize};

/// Something for sale.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Names the product in every other place.
    pub product_id: String,
    /// What it is called.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Of one piece.
    pub price: f64,
    /// Pieces that can still be ordered.
    pub stock: i64,
    /// A picture, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// Some pieces of one product.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartItem {
    /// Which product.
    pub product_id: String,
    /// At least one.
    pub quantity: i64,
    /// Of one piece, when it was added.
    pub price: f64,
}

/// What somebody wants to buy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cart {
    /// `cart_` and a number.
    pub cart_id: String,
    /// One for each product.
    pub items: Vec<CartItem>,
    /// The sum over the items.
    pub subtotal: f64,
}

/// Where an order goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Address {
    pub street: String,
    pub city: String,
    pub state: String,
    pub zip_code: String,
    pub country: String,
}

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum OrderStatus {
    Pending,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
}

/// How an order is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PaymentMethod {
    CreditCard,
    DebitCard,
    Paypal,
    ApplePay,
}

/// What somebody bought.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// `order_` and a number.
    pub order_id: String,
    /// The cart as it was ordered.
    pub cart: Cart,
    /// Where it goes.
    pub shipping_address: Address,
    /// How it was paid.
    pub payment_method: PaymentMethod,
    /// How far it has come.
    pub status: OrderStatus,
    /// What was paid.
    pub total: f64,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
}

/// The parameter of `CartService.addToCart`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddToCartRequest {
    /// None makes a new cart.
    pub cart_id: Option<String>,
    /// What to add.
    pub product_id: String,
    /// How many pieces, at least one.
    pub quantity: i64,
}

/// The parameter of `OrderService.createOrder`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateOrderRequest {
    /// The cart to order.
    pub cart_id: String,
    /// Where it goes.
    pub shipping_address: Address,
    /// How it is paid.
    pub payment_method: PaymentMethod,
}

/// The result of `OrderService.createOrder`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutResponse {
    /// The new order.
    pub order_id: String,
    /// A sentence for the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
