//! The contract `conform`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

pub mod shared;

/// Somebody.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Person {
    pub name: String,
    pub kind: shared::Kind,
    /// None until it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Absent if nobody has asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<Person>>,
}

/// A greeting for everybody, and what became of it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Greetings {
    pub status: shared::Status,
    /// Why, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// In the order that was asked for.
    pub words: Vec<String>,
}

/// Numbers, one by one and in lists.
///
/// Serves `Numbers`.
pub trait Numbers {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Numbers";

    /// The sum.
    fn add(&self, a: i64, b: i64) -> Result<i64, rpc::RpcError>;

    /// All of them added up or multiplied.
    fn reduce(&self, numbers: Vec<f64>, operation: shared::Operation)
    -> Result<f64, rpc::RpcError>;

    /// The square root. Error 100 if there is none.
    fn root(&self, of: f64) -> Result<f64, rpc::RpcError>;

    /// A number, some times.
    fn repeat(&self, number: i64, times: i64) -> Result<Vec<i64>, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "add" => call.run(|(a, b)| self.add(a, b)),
            "reduce" => call.run(|(numbers, operation)| self.reduce(numbers, operation)),
            "root" => call.run(|(of,)| self.root(of)),
            "repeat" => call.run(|(number, times)| self.repeat(number, times)),
            _ => call.unknown(),
        }
    }
}

/// Numbers, one by one and in lists.
///
/// Calls `Numbers` over any transport.
pub trait NumbersClient: rpc::Transport {
    /// The sum.
    fn add(&self, a: i64, b: i64) -> Self::Answer<i64> {
        self.call("Numbers.add", (a, b))
    }

    /// All of them added up or multiplied.
    fn reduce(&self, numbers: &[f64], operation: shared::Operation) -> Self::Answer<f64> {
        self.call("Numbers.reduce", (numbers, operation))
    }

    /// The square root. Error 100 if there is none.
    fn root(&self, of: f64) -> Self::Answer<f64> {
        self.call("Numbers.root", (of,))
    }

    /// A number, some times.
    fn repeat(&self, number: i64, times: i64) -> Self::Answer<Vec<i64>> {
        self.call("Numbers.repeat", (number, times))
    }
}

impl<T: rpc::Transport + ?Sized> NumbersClient for T {}

/// Things with structure.
///
/// Serves `People`.
pub trait People {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "People";

    /// The person of this name, or null.
    fn find(&self, name: String) -> Result<Option<Person>, rpc::RpcError>;

    /// Whoever is of this kind, in order of their names.
    fn list(&self, kind: shared::Kind) -> Result<Vec<Person>, rpc::RpcError>;

    /// A word to each of them.
    fn greet(&self, people: Vec<Person>) -> Result<Greetings, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C: rpc::Call>(&self, call: C) -> C::Answer {
        match call.method() {
            "find" => call.run(|(name,)| self.find(name)),
            "list" => call.run(|(kind,)| self.list(kind)),
            "greet" => call.run(|(people,)| self.greet(people)),
            _ => call.unknown(),
        }
    }
}

/// Things with structure.
///
/// Calls `People` over any transport.
pub trait PeopleClient: rpc::Transport {
    /// The person of this name, or null.
    fn find(&self, name: &str) -> Self::Answer<Option<Person>> {
        self.call("People.find", (name,))
    }

    /// Whoever is of this kind, in order of their names.
    fn list(&self, kind: shared::Kind) -> Self::Answer<Vec<Person>> {
        self.call("People.list", (kind,))
    }

    /// A word to each of them.
    fn greet(&self, people: &[Person]) -> Self::Answer<Greetings> {
        self.call("People.greet", (people,))
    }
}

impl<T: rpc::Transport + ?Sized> PeopleClient for T {}

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
