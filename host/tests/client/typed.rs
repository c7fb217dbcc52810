//! What `pintle gen rust` writes calls over a client, and is called by one: two clients, each of which serves the other.

#[rustfmt::skip]
#[path = "../../../toolchain/tests/generated/checkout/rust/checkout.rs"]
mod checkout;

use std::sync::Arc;

use pintle::client::{Callback, Client, ClientError};

use checkout::rpc::RpcError;
use checkout::{
    AddToCartRequest, Cart, CartItem, CartService, CartServiceClient, CatalogService, CatalogServiceClient,
    Product,
};

pintle::typed!(checkout::rpc);

/// Sells one thing, and has no carts.
struct Shop;

fn mouse() -> Product {
    Product {
        product_id: "mouse".to_owned(),
        name: "Mouse".to_owned(),
        description: "Three buttons".to_owned(),
        price: 29.99,
        stock: 50,
        image_url: None,
    }
}

impl CatalogService for Shop {
    fn list_products(&self) -> Result<Vec<Product>, RpcError> {
        Ok(vec![mouse()])
    }

    fn get_product(&self, product_id: String) -> Result<Option<Product>, RpcError> {
        Ok(Some(mouse()).filter(|product| product.product_id == product_id))
    }
}

impl CartService for Shop {
    fn add_to_cart(&self, request: AddToCartRequest) -> Result<Cart, RpcError> {
        match request.cart_id {
            Some(_) => Err(checkout::Error::CartNotFound.into()),
            None => {
                let item =
                    CartItem { product_id: request.product_id, quantity: request.quantity, price: 1.5 };
                Ok(Cart { cart_id: "cart_1".to_owned(), subtotal: 3.0, items: vec![item] })
            }
        }
    }

    fn get_cart(&self, _: String) -> Result<Option<Cart>, RpcError> {
        Ok(None)
    }

    fn clear_cart(&self, _: String) -> Result<bool, RpcError> {
        Err(RpcError { code: 12, message: "later".to_owned(), data: Some("{\"minutes\":5}".to_owned()) })
    }
}

/// Two ends of one connection; both know the contract, and the second serves it.
async fn ends() -> (Client, Client) {
    let contract = super::parsed(include_str!("../../../examples/checkout/checkout.pulse"));
    let (near, far) = tokio::io::duplex(1 << 16);
    let shop = Arc::new(Shop);
    let serving = Client::builder().contract(contract.clone()).callbacks(
        ["CatalogService", "CartService"],
        move |callback: Callback| {
            let answer = match callback.interface() {
                <Shop as CatalogService>::INTERFACE => CatalogService::dispatch(&*shop, callback),
                _ => CartService::dispatch(&*shop, callback),
            };
            async { answer }
        },
    );
    let calling = Client::builder().contract(contract);
    (calling.over(near).await.unwrap(), serving.over(far).await.unwrap())
}

#[tokio::test]
async fn generated_clients_and_handlers_meet() {
    let (shop, _serving) = ends().await;
    assert_eq!(shop.list_products().await.unwrap(), [mouse()]);
    assert_eq!(shop.get_product("mouse").await.unwrap(), Some(mouse()));
    assert_eq!(shop.get_product("boat").await.unwrap(), None);
    let mut request = AddToCartRequest { cart_id: None, product_id: "mouse".to_owned(), quantity: 2 };
    assert_eq!(shop.add_to_cart(&request).await.unwrap().items[0].quantity, 2);
    // An error that the contract declares comes back as what it is.
    request.cart_id = Some("cart_2".to_owned());
    let error = shop.add_to_cart(&request).await.unwrap_err();
    let remote = error.remote().expect("the shop's answer");
    assert_eq!(checkout::Error::from_code(remote.error.code), Some(checkout::Error::CartNotFound));
    assert_eq!(remote.name.as_deref(), Some("CartNotFound"));
    let error = shop.clear_cart("cart_1").await.unwrap_err();
    assert_eq!(error.remote().unwrap().error.data.as_deref(), Some("{\"minutes\":5}"));
    // Answers are futures of their own: they need no reference to the client.
    let calls = ["mouse", "boat"].map(|id| tokio::spawn(shop.get_product(id)));
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn what_the_other_side_does_not_serve_is_not_found() {
    let (shop, serving) = ends().await;
    let error = checkout::OrderServiceClient::get_order(&shop, "order_1").await.unwrap_err();
    assert_eq!(error.code(), Some(-32601));
    // The first serves nothing at all.
    let error = serving.list_products().await.unwrap_err();
    assert!(matches!(&error, ClientError::Remote(remote) if remote.error.code == -32601), "{error}");
}
