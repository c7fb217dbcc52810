//! `OrderService.createOrder` of the checkout contract with nothing behind it: reads its typed request, answers a typed
//! response. What is measured is then the way there and back.

use serde::{Deserialize, Serialize};

pintle_guest::plugin! {
    OrderService { createOrder: create_order, getOrder: get_order }
}

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

fn create_order(request: CreateOrderRequest) -> CheckoutResponse {
    std::hint::black_box(&request);
    CheckoutResponse { order_id: "order_1", message: Some("Thank you for your order") }
}

fn get_order(_order_id: String) -> Option<CheckoutResponse> {
    None
}

#[cfg(test)]
mod tests {
    use super::dispatch;

    #[test]
    fn answers_the_order_and_refuses_what_is_none() {
        let request = r#"[{"cartId":"cart_1","shippingAddress":{"street":"Quay 1","city":"Hamburg","state":"HH",
            "zipCode":"20457","country":"DE"},"paymentMethod":"apple_pay"}]"#;
        let answer = br#"{"result":{"orderId":"order_1","message":"Thank you for your order"}}"#;
        assert_eq!(dispatch("OrderService.createOrder", request.as_bytes()), answer);
        let wrong = request.replace("apple_pay", "shells");
        assert!(
            dispatch("OrderService.createOrder", wrong.as_bytes()).starts_with(br#"{"error":{"code":-32603"#)
        );
        assert_eq!(dispatch("OrderService.getOrder", br#"["order_1"]"#), br#"{"result":null}"#);
    }
}
