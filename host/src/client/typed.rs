//! The seam to what `pintle gen rust` writes.

/// Lets the modules of `pintle gen rust` call, and be called, over a [`Client`](crate::client::Client).
///
/// The module `rpc` that was written with them is given. From there on every `…Client` trait of the contract is there on
/// clients, answering futures, and the `dispatch` of every handler trait takes a
/// [`Callback`](crate::client::Callback) of the server.
///
/// ```ignore
/// mod checkout; // made by `pintle gen rust checkout.pulse`
/// pintle::typed!(checkout::rpc);
///
/// use checkout::CatalogServiceClient;
/// let client = Client::connect("http://127.0.0.1:8080").await?;
/// let products: Vec<checkout::Product> = client.list_products().await?;
/// ```
#[macro_export]
macro_rules! typed {
    ($($rpc:tt)+) => {
        impl $($rpc)+::Transport for $crate::client::Client {
            type Answer<R: $crate::client::DeserializeOwned + Send + 'static> = $crate::client::Answer<R>;

            fn call<P, R>(&self, method: &str, params: P) -> Self::Answer<R>
            where
                P: $crate::client::Serialize,
                R: $crate::client::DeserializeOwned + Send + 'static,
            {
                Box::pin(self.request(method).params(params).call())
            }
        }

        impl $($rpc)+::Call for $crate::client::Callback {
            type Answer = Result<Box<$crate::client::RawValue>, $crate::client::RpcError>;

            fn method(&self) -> &str {
                self.name()
            }

            fn run<P, R, H>(self, handler: H) -> Self::Answer
            where
                P: $crate::client::DeserializeOwned,
                R: $crate::client::Serialize,
                H: FnOnce(P) -> Result<R, $($rpc)+::RpcError>,
            {
                let result = handler(self.params()?).map_err(|error| $crate::client::RpcError {
                    code: error.code,
                    message: error.message,
                    data: error.data,
                })?;
                $crate::client::result(&result)
            }

            fn unknown(self) -> Self::Answer {
                Err($crate::client::Code::MethodNotFound.into())
            }
        }
    };
}
