//! The contract `checkout`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

/// Something that can be bought.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub product_id: String,
    pub name: String,
    pub description: String,
    /// In the currency of the shop.
    pub price: f64,
    /// How many are left.
    pub stock: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// Some number of one product in a cart.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CartItem {
    pub product_id: String,
    pub quantity: i64,
    /// Of one piece, when it was put into the cart.
    pub price: f64,
}

/// What a customer has chosen so far.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cart {
    pub cart_id: String,
    pub items: Vec<CartItem>,
    /// The sum of all items.
    pub subtotal: f64,
}

/// Where an order is sent.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    pub street: String,
    pub city: String,
    pub state: String,
    pub zip_code: String,
    pub country: String,
}

/// A cart that was paid for.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub order_id: String,
    pub cart: Cart,
    pub shipping_address: Address,
    pub payment_method: PaymentMethod,
    pub status: OrderStatus,
    pub total: f64,
    /// Seconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// What addToCart needs to know.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddToCartRequest {
    /// The cart to add to; a new one if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cart_id: Option<String>,
    pub product_id: String,
    pub quantity: i64,
}

/// What createOrder needs to know.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateOrderRequest {
    pub cart_id: String,
    pub shipping_address: Address,
    pub payment_method: PaymentMethod,
}

/// What createOrder came to.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutResponse {
    pub order_id: String,
    /// A word to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    Pending,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
}

/// Ways to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    CreditCard,
    DebitCard,
    Paypal,
    ApplePay,
}

/// The errors that the contract declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// There is no cart with the given id.
    CartNotFound,
    /// The cart has no items.
    CartEmpty,
    /// The payment was refused.
    PaymentFailed,
    /// Fewer are left than were asked for.
    OutOfStock,
    /// The address is not complete.
    InvalidAddress,
}

impl Error {
    /// The number that it travels as.
    pub fn code(self) -> i32 {
        match self {
            Self::CartNotFound => 1001,
            Self::CartEmpty => 1002,
            Self::PaymentFailed => 1003,
            Self::OutOfStock => 1004,
            Self::InvalidAddress => 1005,
        }
    }

    /// The error with this code, if it is one of these.
    pub fn from_code(code: i32) -> Option<Self> {
        match code {
            1001 => Some(Self::CartNotFound),
            1002 => Some(Self::CartEmpty),
            1003 => Some(Self::PaymentFailed),
            1004 => Some(Self::OutOfStock),
            1005 => Some(Self::InvalidAddress),
            _ => None,
        }
    }

    /// What the contract says that it means.
    pub fn message(self) -> &'static str {
        match self {
            Self::CartNotFound => "Cart not found",
            Self::CartEmpty => "Cart is empty",
            Self::PaymentFailed => "Payment failed",
            Self::OutOfStock => "Out of stock",
            Self::InvalidAddress => "Invalid address",
        }
    }
}

impl From<Error> for rpc::RpcError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.message())
    }
}

/// Products that can be bought.
///
/// Serves `CatalogService`.
pub trait CatalogService {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "CatalogService";

    /// All products, also those that are sold out.
    fn list_products(&self) -> Result<Vec<Product>, rpc::RpcError>;

    /// One product, or null if there is none with this id.
    fn get_product(&self, product_id: String) -> Result<Option<Product>, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "listProducts" => call.run(|[]: [(); 0]| self.list_products()),
            "getProduct" => call.run(|(product_id,)| self.get_product(product_id)),
            _ => call.unknown(),
        }
    }
}

/// Products that can be bought.
///
/// Calls `CatalogService` over any transport.
pub trait CatalogServiceClient: rpc::Transport {
    /// All products, also those that are sold out.
    fn list_products(&self) -> Self::Answer<Vec<Product>> {
        self.call("CatalogService.listProducts", [(); 0])
    }

    /// One product, or null if there is none with this id.
    fn get_product(&self, product_id: &str) -> Self::Answer<Option<Product>> {
        self.call("CatalogService.getProduct", (product_id,))
    }
}

impl<T: rpc::Transport + ?Sized> CatalogServiceClient for T {}

/// What a customer wants to buy.
///
/// Serves `CartService`.
pub trait CartService {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "CartService";

    /// Puts a product into a cart. Without a cart id, a new cart is made.
    fn add_to_cart(&self, request: AddToCartRequest) -> Result<Cart, rpc::RpcError>;

    /// One cart, or null if there is none with this id.
    fn get_cart(&self, cart_id: String) -> Result<Option<Cart>, rpc::RpcError>;

    /// Removes everything from a cart. False if there is no such cart.
    fn clear_cart(&self, cart_id: String) -> Result<bool, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "addToCart" => call.run(|(request,)| self.add_to_cart(request)),
            "getCart" => call.run(|(cart_id,)| self.get_cart(cart_id)),
            "clearCart" => call.run(|(cart_id,)| self.clear_cart(cart_id)),
            _ => call.unknown(),
        }
    }
}

/// What a customer wants to buy.
///
/// Calls `CartService` over any transport.
pub trait CartServiceClient: rpc::Transport {
    /// Puts a product into a cart. Without a cart id, a new cart is made.
    fn add_to_cart(&self, request: &AddToCartRequest) -> Self::Answer<Cart> {
        self.call("CartService.addToCart", (request,))
    }

    /// One cart, or null if there is none with this id.
    fn get_cart(&self, cart_id: &str) -> Self::Answer<Option<Cart>> {
        self.call("CartService.getCart", (cart_id,))
    }

    /// Removes everything from a cart. False if there is no such cart.
    fn clear_cart(&self, cart_id: &str) -> Self::Answer<bool> {
        self.call("CartService.clearCart", (cart_id,))
    }
}

impl<T: rpc::Transport + ?Sized> CartServiceClient for T {}

/// What a customer has bought.
///
/// Serves `OrderService`.
pub trait OrderService {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "OrderService";

    /// Turns a cart into an order and takes the payment.
    fn create_order(&self, request: CreateOrderRequest) -> Result<CheckoutResponse, rpc::RpcError>;

    /// One order, or null if there is none with this id.
    fn get_order(&self, order_id: String) -> Result<Option<Order>, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "createOrder" => call.run(|(request,)| self.create_order(request)),
            "getOrder" => call.run(|(order_id,)| self.get_order(order_id)),
            _ => call.unknown(),
        }
    }
}

/// What a customer has bought.
///
/// Calls `OrderService` over any transport.
pub trait OrderServiceClient: rpc::Transport {
    /// Turns a cart into an order and takes the payment.
    fn create_order(&self, request: &CreateOrderRequest) -> Self::Answer<CheckoutResponse> {
        self.call("OrderService.createOrder", (request,))
    }

    /// One order, or null if there is none with this id.
    fn get_order(&self, order_id: &str) -> Self::Answer<Option<Order>> {
        self.call("OrderService.getOrder", (order_id,))
    }
}

impl<T: rpc::Transport + ?Sized> OrderServiceClient for T {}

/// What carries calls to where an interface is served, and back.
pub mod rpc {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    /// The way from clients to a server. Whoever has one can call every interface.
    pub trait Transport {
        /// What a call gives: `Result<R, …>` if the transport waits for the answer, a future of it if not.
        type Answer<R: DeserializeOwned + Send + 'static>;

        /// Sends a call. `method` is `Interface.method`, `params` becomes a JSON array by position.
        fn call<P, R>(&self, method: &str, params: P) -> Self::Answer<R>
        where
            P: Serialize,
            R: DeserializeOwned + Send + 'static;
    }

    /// One call that has come to a server.
    pub trait Call: Sized {
        /// What goes back.
        type Answer;

        /// The method's name without that of its interface.
        fn method(&self) -> &str;

        /// Reads the parameters from a JSON array by position, runs `handler`, and writes what it returns.
        fn run<P, R, H>(self, handler: H) -> Self::Answer
        where
            P: DeserializeOwned,
            R: Serialize,
            H: FnOnce(P) -> Result<R, RpcError>;

        /// Answers that the interface has no such method.
        fn unknown(self) -> Self::Answer;
    }

    /// What a method answers instead of a result.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RpcError {
        /// One that the contract declares, or another outside of -32768 to -32000. Of those only
        /// -32602 is for handlers.
        pub code: i32,
        /// One sentence for the caller.
        pub message: String,
        /// More about it, as JSON text.
        pub data: Option<String>,
    }

    impl RpcError {
        /// An error without data.
        pub fn new(code: i32, message: impl Into<String>) -> Self {
            RpcError {
                code,
                message: message.into(),
                data: None,
            }
        }

        /// Invalid params: for what the contract's types cannot say.
        pub fn invalid_params(message: impl Into<String>) -> Self {
            RpcError::new(-32602, message)
        }

        /// Internal error: for what callers need not know.
        pub fn internal() -> Self {
            RpcError::new(-32603, "Internal error")
        }
    }

    impl std::fmt::Display for RpcError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{} ({})", self.message, self.code)
        }
    }

    impl std::error::Error for RpcError {}
}
