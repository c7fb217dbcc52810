//! The contract `users`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

use std::collections::BTreeMap;

/// Somebody.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct User {
    pub name: String,
    /// In years.
    pub age: i64,
    pub address: Address,
    /// Names to be found by.
    pub aliases: Vec<String>,
}

/// Somebody who may do more.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Admin {
    pub name: String,
    /// In years.
    pub age: i64,
    pub address: Address,
    /// Names to be found by.
    pub aliases: Vec<String>,
    pub rights: Vec<String>,
}

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Address {
    pub street: String,
    pub place: Place,
}

/// A town or a village.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// The errors that the contract declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// Nobody has this name.
    UserNotFound,
    /// The register holds as many users as it can.
    Full,
}

impl Error {
    /// The number that it travels as.
    pub fn code(self) -> i32 {
        match self {
            Self::UserNotFound => 1,
            Self::Full => 2,
        }
    }

    /// The error with this code, if it is one of these.
    pub fn from_code(code: i32) -> Option<Self> {
        match code {
            1 => Some(Self::UserNotFound),
            2 => Some(Self::Full),
            _ => None,
        }
    }

    /// What the contract says that it means.
    pub fn message(self) -> &'static str {
        match self {
            Self::UserNotFound => "There is no such user",
            Self::Full => "The register is full",
        }
    }
}

impl From<Error> for rpc::RpcError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.message())
    }
}

/// Who there is, and where.
///
/// Serves `Users`.
pub trait Users {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Users";

    /// Adds a user, or replaces the one of the same name.
    ///
    /// Errors: `Full` (2).
    fn save(&self, user: User) -> Result<(), rpc::RpcError>;

    /// The user of this name.
    ///
    /// Errors: `UserNotFound` (1).
    fn find(&self, name: String) -> Result<User, rpc::RpcError>;

    /// The user of this name, who lives somewhere else now.
    ///
    /// Errors: `UserNotFound` (1).
    fn resettle(&self, name: String, address: Address) -> Result<User, rpc::RpcError>;

    /// Everybody in one place, in order of their names.
    fn neighbours(&self, place: Place) -> Result<Vec<User>, rpc::RpcError>;

    /// How many live in each place.
    fn census(&self) -> Result<BTreeMap<String, i64>, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "save" => call.run(|(user,)| self.save(user)),
            "find" => call.run(|(name,)| self.find(name)),
            "resettle" => call.run(|(name, address)| self.resettle(name, address)),
            "neighbours" => call.run(|(place,)| self.neighbours(place)),
            "census" => call.run(|[]: [(); 0]| self.census()),
            _ => call.unknown(),
        }
    }
}

/// Who there is, and where.
///
/// Calls `Users` over any transport.
pub trait UsersClient: rpc::Transport {
    /// Adds a user, or replaces the one of the same name.
    ///
    /// Errors: `Full` (2).
    fn save(&self, user: &User) -> Self::Answer<()> {
        self.call("Users.save", (user,))
    }

    /// The user of this name.
    ///
    /// Errors: `UserNotFound` (1).
    fn find(&self, name: &str) -> Self::Answer<User> {
        self.call("Users.find", (name,))
    }

    /// The user of this name, who lives somewhere else now.
    ///
    /// Errors: `UserNotFound` (1).
    fn resettle(&self, name: &str, address: &Address) -> Self::Answer<User> {
        self.call("Users.resettle", (name, address))
    }

    /// Everybody in one place, in order of their names.
    fn neighbours(&self, place: &Place) -> Self::Answer<Vec<User>> {
        self.call("Users.neighbours", (place,))
    }

    /// How many live in each place.
    fn census(&self) -> Self::Answer<BTreeMap<String, i64>> {
        self.call("Users.census", [(); 0])
    }
}

impl<T: rpc::Transport + ?Sized> UsersClient for T {}

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
