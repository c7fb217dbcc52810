//! The contract `root`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

use std::collections::BTreeMap;

pub mod inc;
pub mod inc_;
pub mod std_;

/// Replies that know their page.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Page {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<inc::Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<std_::Type>,
    pub number: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<std_::Type>,
}

/// The errors that the contract declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// own
    Own,
}

impl Error {
    /// The number that it travels as.
    pub fn code(self) -> i32 {
        match self {
            Self::Own => 1,
        }
    }

    /// The error with this code, if it is one of these.
    pub fn from_code(code: i32) -> Option<Self> {
        match code {
            1 => Some(Self::Own),
            _ => None,
        }
    }

    /// What the contract says that it means.
    pub fn message(self) -> &'static str {
        match self {
            Self::Own => "own",
        }
    }
}

impl From<Error> for rpc::RpcError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.message())
    }
}

/// Serves `Search`.
pub trait Search {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Search";

    /// Finds pages.
    ///
    /// Errors: `Bad` (2), `Own` (1).
    fn find(
        &self,
        op: Vec<inc::Op>,
        deep: inc_::Deep,
    ) -> Result<Option<inc::Response>, rpc::RpcError>;

    fn page(&self, page: Page) -> Result<BTreeMap<String, inc::Status>, rpc::RpcError>;

    fn sum(
        &self,
        p1: i64,
        p2: i64,
        p3: i64,
        p4: i64,
        p5: i64,
        p6: i64,
        p7: i64,
        p8: i64,
        p9: i64,
        p10: i64,
        p11: i64,
        p12: i64,
        p13: i64,
        p14: i64,
        p15: i64,
        p16: i64,
        p17: i64,
    ) -> Result<i64, rpc::RpcError>;

    fn words(
        &self,
        p1: String,
        p2: String,
        p3: String,
        p4: String,
        p5: String,
        p6: String,
        p7: String,
        p8: String,
        p9: String,
        p10: String,
        p11: String,
        p12: String,
        p13: String,
        p14: String,
        p15: String,
        p16: String,
        p17: Option<String>,
    ) -> Result<Vec<String>, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "find" => call.run(|(op, deep)| self.find(op, deep)),
            "page" => call.run(|(page,)| self.page(page)),
            "sum" => call.run(|params| {
                #[derive(serde::Deserialize)]
                struct Params(
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                );
                let Params(
                    p1,
                    p2,
                    p3,
                    p4,
                    p5,
                    p6,
                    p7,
                    p8,
                    p9,
                    p10,
                    p11,
                    p12,
                    p13,
                    p14,
                    p15,
                    p16,
                    p17,
                ) = params;
                self.sum(
                    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
                )
            }),
            "words" => call.run(|params| {
                #[derive(serde::Deserialize)]
                struct Params(
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    String,
                    Option<String>,
                );
                let Params(
                    p1,
                    p2,
                    p3,
                    p4,
                    p5,
                    p6,
                    p7,
                    p8,
                    p9,
                    p10,
                    p11,
                    p12,
                    p13,
                    p14,
                    p15,
                    p16,
                    p17,
                ) = params;
                self.words(
                    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
                )
            }),
            _ => call.unknown(),
        }
    }
}

/// Calls `Search` over any transport.
pub trait SearchClient: rpc::Transport {
    /// Finds pages.
    ///
    /// Errors: `Bad` (2), `Own` (1).
    fn find(&self, op: &[inc::Op], deep: &inc_::Deep) -> Self::Answer<Option<inc::Response>> {
        self.call("Search.find", (op, deep))
    }

    fn page(&self, page: &Page) -> Self::Answer<BTreeMap<String, inc::Status>> {
        self.call("Search.page", (page,))
    }

    fn sum(
        &self,
        p1: i64,
        p2: i64,
        p3: i64,
        p4: i64,
        p5: i64,
        p6: i64,
        p7: i64,
        p8: i64,
        p9: i64,
        p10: i64,
        p11: i64,
        p12: i64,
        p13: i64,
        p14: i64,
        p15: i64,
        p16: i64,
        p17: i64,
    ) -> Self::Answer<i64> {
        #[derive(serde::Serialize)]
        struct Params(
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
        );
        self.call(
            "Search.sum",
            Params(
                p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
            ),
        )
    }

    fn words(
        &self,
        p1: &str,
        p2: &str,
        p3: &str,
        p4: &str,
        p5: &str,
        p6: &str,
        p7: &str,
        p8: &str,
        p9: &str,
        p10: &str,
        p11: &str,
        p12: &str,
        p13: &str,
        p14: &str,
        p15: &str,
        p16: &str,
        p17: Option<&str>,
    ) -> Self::Answer<Vec<String>> {
        #[derive(serde::Serialize)]
        struct Params<'a>(
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            Option<&'a str>,
        );
        self.call(
            "Search.words",
            Params(
                p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
            ),
        )
    }
}

impl<T: rpc::Transport + ?Sized> SearchClient for T {}

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
