//! The same service with jsonrpsee: a native handler that reads a typed request and answers a typed response.

use crate::Outcome;
use jsonrpsee::RpcModule;
use jsonrpsee::server::Server;
use jsonrpsee::types::ErrorObjectOwned;
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::io::{self, Write};

/// The first argument that makes this program that server.
pub(crate) const COMMAND: &str = "peer";

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

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckoutResponse {
    order_id: &'static str,
    message: Option<&'static str>,
}

/// The service.
pub(crate) fn module() -> Result<RpcModule<()>, String> {
    let mut module = RpcModule::new(());
    module
        .register_method(
            "OrderService.createOrder",
            |params, (), _| -> Result<CheckoutResponse, ErrorObjectOwned> {
                let request: CreateOrderRequest = params.one()?;
                black_box(&request);
                Ok(CheckoutResponse { order_id: "order_1", message: Some("Thank you for your order") })
            },
        )
        .map_err(|why| why.to_string())?;
    Ok(module)
}

/// Serves it until standard input ends, which it does with the program that measures.
pub(crate) fn serve() -> Outcome {
    let runtime = tokio::runtime::Runtime::new().map_err(|why| why.to_string())?;
    runtime.block_on(async {
        let server = Server::builder().build("127.0.0.1:0").await.map_err(|why| why.to_string())?;
        let address = server.local_addr().map_err(|why| why.to_string())?;
        let running = server.start(module()?);
        println!("listening http://{address}");
        io::stdout().flush().map_err(|why| why.to_string())?;
        let ended = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
        let _ = ended.await;
        let _ = running.stop();
        running.stopped().await;
        Ok(())
    })
}
