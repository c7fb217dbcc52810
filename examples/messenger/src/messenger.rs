//! The contract `messenger`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

/// The answer to thanks.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Welcome {
    pub reply: String,
    /// How often this client has said thanks.
    pub times: i64,
}

/// The errors that the contract declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// There are words that are not for this room.
    Rude,
}

impl Error {
    /// The number that it travels as.
    pub fn code(self) -> i32 {
        match self {
            Self::Rude => 1,
        }
    }

    /// The error with this code, if it is one of these.
    pub fn from_code(code: i32) -> Option<Self> {
        match code {
            1 => Some(Self::Rude),
            _ => None,
        }
    }

    /// What the contract says that it means.
    pub fn message(self) -> &'static str {
        match self {
            Self::Rude => "We do not say that here",
        }
    }
}

impl From<Error> for rpc::RpcError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.message())
    }
}

/// What clients say.
///
/// Serves `Messenger`.
pub trait Messenger {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Messenger";

    /// Thanks the server.
    ///
    /// Errors: `Rude` (1).
    fn thanks(&self, msg: String) -> Result<Welcome, rpc::RpcError>;

    /// Tells everybody in the room, the speaker too. Rude words are not passed on.
    ///
    /// Errors: `Rude` (1).
    fn say(&self, text: String) -> Result<(), rpc::RpcError>;

    /// How many are in the room.
    fn present(&self) -> Result<i64, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "thanks" => call.run(|(msg,)| self.thanks(msg)),
            "say" => call.run(|(text,)| self.say(text)),
            "present" => call.run(|[]: [(); 0]| self.present()),
            _ => call.unknown(),
        }
    }
}

/// What clients say.
///
/// Calls `Messenger` over any transport.
pub trait MessengerClient: rpc::Transport {
    /// Thanks the server.
    ///
    /// Errors: `Rude` (1).
    fn thanks(&self, msg: &str) -> Self::Answer<Welcome> {
        self.call("Messenger.thanks", (msg,))
    }

    /// Tells everybody in the room, the speaker too. Rude words are not passed on.
    ///
    /// Errors: `Rude` (1).
    fn say(&self, text: &str) -> Self::Answer<()> {
        self.call("Messenger.say", (text,))
    }

    /// How many are in the room.
    fn present(&self) -> Self::Answer<i64> {
        self.call("Messenger.present", [(); 0])
    }
}

impl<T: rpc::Transport + ?Sized> MessengerClient for T {}

/// What clients are told. They do not answer.
///
/// Serves `Client`.
pub trait Client {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Client";

    /// The first words to a new client.
    fn welcome(&self, msg: String) -> Result<(), rpc::RpcError>;

    /// What somebody said.
    fn said(&self, who: String, text: String) -> Result<(), rpc::RpcError>;

    /// Somebody has gone.
    fn left(&self, who: String) -> Result<(), rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "welcome" => call.run(|(msg,)| self.welcome(msg)),
            "said" => call.run(|(who, text)| self.said(who, text)),
            "left" => call.run(|(who,)| self.left(who)),
            _ => call.unknown(),
        }
    }
}

/// What clients are told. They do not answer.
///
/// Calls `Client` over any transport.
pub trait ClientClient: rpc::Transport {
    /// The first words to a new client.
    fn welcome(&self, msg: &str) -> Self::Answer<()> {
        self.call("Client.welcome", (msg,))
    }

    /// What somebody said.
    fn said(&self, who: &str, text: &str) -> Self::Answer<()> {
        self.call("Client.said", (who, text))
    }

    /// Somebody has gone.
    fn left(&self, who: &str) -> Self::Answer<()> {
        self.call("Client.left", (who,))
    }
}

impl<T: rpc::Transport + ?Sized> ClientClient for T {}

/// What happens to connections. The server is told, clients cannot call this.
///
/// Serves `Connections`.
pub trait Connections {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Connections";

    fn opened(&self, connection: String) -> Result<(), rpc::RpcError>;

    fn closed(&self, connection: String) -> Result<(), rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "opened" => call.run(|(connection,)| self.opened(connection)),
            "closed" => call.run(|(connection,)| self.closed(connection)),
            _ => call.unknown(),
        }
    }
}

/// What happens to connections. The server is told, clients cannot call this.
///
/// Calls `Connections` over any transport.
pub trait ConnectionsClient: rpc::Transport {
    fn opened(&self, connection: &str) -> Self::Answer<()> {
        self.call("Connections.opened", (connection,))
    }

    fn closed(&self, connection: &str) -> Self::Answer<()> {
        self.call("Connections.closed", (connection,))
    }
}

impl<T: rpc::Transport + ?Sized> ConnectionsClient for T {}

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
