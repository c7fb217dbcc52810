//! The whole conversation of a buyer, call by call, as the host would make it.
//!
//! Every test runs in a thread of its own, so each has a shop of its own.

use serde_json::{Value, json};

fn call(method: &str, params: Value) -> Value {
    serde_json::from_slice(&checkout::dispatch(method, params.to_string().as_bytes())).unwrap()
}

fn result(method: &str, params: Value) -> Value {
    let answer = call(method, params);
    answer.get("result").unwrap_or_else(|| panic!("{method}: {answer}")).clone()
}

fn code(method: &str, params: Value) -> i64 {
    let answer = call(method, params);
    answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer}"))
}

fn add(cart: Option<&str>, product: &str, quantity: i64) -> Value {
    json!([{ "cartId": cart, "productId": product, "quantity": quantity }])
}

fn order(cart: &str, payment: &str) -> Value {
    let address =
        json!({ "street": "Quay 1", "city": "Hamburg", "state": "HH", "zipCode": "20457", "country": "DE" });
    json!([{ "cartId": cart, "shippingAddress": address, "paymentMethod": payment }])
}

#[test]
fn the_catalogue_lists_and_finds() {
    let products = result("CatalogService.listProducts", json!([]));
    let ids: Vec<&str> =
        products.as_array().unwrap().iter().map(|p| p["productId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["mouse", "keyboard", "monitor", "desk"]);
    assert_eq!(result("CatalogService.getProduct", json!(["desk"]))["price"], 1299.0);
    assert_eq!(result("CatalogService.getProduct", json!(["boat"])), Value::Null);
    assert!(products[0].get("imageUrl").is_none() && products[1]["imageUrl"].is_string());
}

#[test]
fn a_cart_grows_and_keeps_its_subtotal() {
    let cart = result("CartService.addToCart", add(None, "mouse", 1));
    assert_eq!(
        cart,
        json!({ "cartId": "cart_1", "items": [{ "productId": "mouse", "quantity": 1, "price": 29.99 }], "subtotal": 29.99 })
    );
    let without_id = json!([{ "productId": "keyboard", "quantity": 2 }]);
    assert_eq!(result("CartService.addToCart", without_id)["cartId"], "cart_2");
    result("CartService.addToCart", add(Some("cart_1"), "keyboard", 1));
    let cart = result("CartService.addToCart", add(Some("cart_1"), "mouse", 2));
    assert_eq!(cart["items"][0]["quantity"], 3, "the same product raises its quantity");
    assert_eq!(cart["items"].as_array().unwrap().len(), 2);
    assert_eq!(cart["subtotal"], 179.47, "3 × 29.99 + 89.50, without drift");
    assert_eq!(result("CartService.getCart", json!(["cart_1"])), cart);
    assert_eq!(result("CartService.clearCart", json!(["cart_1"])), true);
    assert_eq!(
        result("CartService.getCart", json!(["cart_1"])),
        json!({ "cartId": "cart_1", "items": [], "subtotal": 0.0 })
    );
    assert_eq!(result("CartService.clearCart", json!(["cart_9"])), false);
    assert_eq!(result("CartService.getCart", json!(["cart_9"])), Value::Null);
}

#[test]
fn what_cannot_be_added_is_refused_and_leaves_nothing() {
    assert_eq!(code("CartService.addToCart", add(None, "boat", 1)), -32602);
    assert_eq!(code("CartService.addToCart", add(None, "mouse", 0)), -32602);
    assert_eq!(code("CartService.addToCart", add(None, "mouse", -1)), -32602);
    assert_eq!(code("CartService.addToCart", add(None, "mouse", i64::MAX)), -32602);
    assert_eq!(code("CartService.addToCart", add(Some("cart_1"), "mouse", 1)), 1001, "no cart was made");
    result("CartService.addToCart", add(None, "mouse", 1));
    assert_eq!(code("CartService.addToCart", add(Some("cart_1"), "mouse", i64::MAX)), -32602, "no overflow");
    assert_eq!(result("CartService.getCart", json!(["cart_1"]))["items"][0]["quantity"], 1);
}

#[test]
fn an_order_empties_the_cart_and_lowers_the_stock() {
    let cart = result("CartService.addToCart", add(None, "monitor", 2));
    let response = result("OrderService.createOrder", order("cart_1", "credit_card"));
    assert_eq!(response["orderId"], "order_1");
    assert!(response["message"].is_string());
    let order = result("OrderService.getOrder", json!(["order_1"]));
    assert_eq!(order["cart"], cart);
    assert_eq!((&order["total"], &order["status"]), (&json!(698.0), &json!("paid")));
    assert_eq!(order["paymentMethod"], "credit_card");
    assert_eq!(order["shippingAddress"]["zipCode"], "20457");
    assert!(order["createdAt"].as_i64().unwrap() > 1_700_000_000);
    assert_eq!(result("CartService.getCart", json!(["cart_1"]))["items"], json!([]));
    assert_eq!(result("CatalogService.getProduct", json!(["monitor"]))["stock"], 3);
    assert_eq!(result("OrderService.getOrder", json!(["order_2"])), Value::Null);
}

#[test]
fn an_order_is_refused_with_the_declared_errors() {
    assert_eq!(code("OrderService.createOrder", order("cart_1", "paypal")), 1001);

    result("CartService.addToCart", add(None, "mouse", 1));
    result("CartService.clearCart", json!(["cart_1"]));
    assert_eq!(code("OrderService.createOrder", order("cart_1", "paypal")), 1002);

    result("CartService.addToCart", add(Some("cart_1"), "monitor", 6));
    for part in ["street", "city", "zipCode"] {
        let mut request = order("cart_1", "paypal");
        request[0]["shippingAddress"][part] = json!(" ");
        assert_eq!(code("OrderService.createOrder", request), 1005, "{part}");
    }
    assert_eq!(code("OrderService.createOrder", order("cart_1", "paypal")), 1004);

    result("CartService.clearCart", json!(["cart_1"]));
    result("CartService.addToCart", add(Some("cart_1"), "desk", 1));
    assert_eq!(code("OrderService.createOrder", order("cart_1", "debit_card")), 1003);
    assert_eq!(result("CatalogService.getProduct", json!(["desk"]))["stock"], 2, "nothing has changed");
    assert_eq!(result("OrderService.createOrder", order("cart_1", "apple_pay"))["orderId"], "order_1");
}

#[test]
fn a_debit_card_pays_up_to_a_thousand() {
    result("CartService.addToCart", add(None, "keyboard", 11));
    result("CartService.addToCart", add(Some("cart_1"), "mouse", 1));
    assert_eq!(code("OrderService.createOrder", order("cart_1", "debit_card")), 1003, "1,014.49");
    result("CartService.clearCart", json!(["cart_1"]));
    result("CartService.addToCart", add(Some("cart_1"), "keyboard", 11));
    assert_eq!(
        result("OrderService.createOrder", order("cart_1", "debit_card"))["orderId"],
        "order_1",
        "984.50"
    );
}
