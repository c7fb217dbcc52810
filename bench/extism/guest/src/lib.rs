//! `OrderService.createOrder` of the checkout contract with nothing behind it, as `bench/guest` is for pintle.

use extism_pdk::{FnResult, plugin_fn};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is the work")]
struct CreateOrderRequest {
    cart_id: String,
    shipping_address: Address,
    payment_method: PaymentMethod,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is the work")]
struct Address {
    street: String,
    city: String,
    state: String,
    zip_code: String,
    country: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PaymentMethod {
    CreditCard,
    DebitCard,
    Paypal,
    ApplePay,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckoutResponse {
    order_id: &'static str,
    message: Option<&'static str>,
}

/// Parameters by position, as JSON, to the result as JSON.
#[plugin_fn]
pub fn create_order(params: Vec<u8>) -> FnResult<Vec<u8>> {
    let (request,): (CreateOrderRequest,) = serde_json::from_slice(&params)?;
    std::hint::black_box(&request);
    let response = CheckoutResponse { order_id: "order_1", message: Some("Thank you for your order") };
    Ok(serde_json::to_vec(&response)?)
}
