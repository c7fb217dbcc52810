//! Error codes, declared once, and the errors that travel in replies.

use crate::json::{
    members::{Others, members},
    number::{self, Int},
    text::unescape,
    write,
};
use crate::problem::Problem;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// An error code of the protocol or of this implementation, with its fixed message.
        ///
        /// -32768…-32000 are reserved by JSON-RPC 2.0, section 5.1; contracts declare their own outside.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The number on the wire.
            pub const fn number(self) -> i32 {
                match self { $(Code::$name => $code,)* }
            }

            /// The message on the wire, always this text.
            pub const fn message(self) -> &'static str {
                match self { $(Code::$name => $message,)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or has an unpaired surrogate outside of parameters.
    ParseError = -32700, "Parse error";
    /// The envelope is wrong.
    InvalidRequest = -32600, "Invalid Request";
    /// Not in the contract, or nothing handles its interface.
    MethodNotFound = -32601, "Method not found";
    /// Count, name or type of the parameters; `data.problems` lists path, expected and got.
    InvalidParams = -32602, "Invalid params";
    /// The result breaks the contract, or the handler failed without an RPC error.
    InternalError = -32603, "Internal error";
    /// A guest trapped, ran out of memory or answered nonsense.
    PluginFailed = -32000, "Plugin failed";
    /// The call ran past its time, waiting or running.
    DeadlineExceeded = -32001, "Deadline exceeded";
    /// The caller gave up, or the server is draining.
    Cancelled = -32002, "Cancelled";
    /// A queue or a concurrency limit is full; `data.retryAfterMs` says when to try again.
    Overloaded = -32003, "Overloaded";
    /// Body, batch, id, depth or reply over its limit.
    TooLarge = -32004, "Too large";
    /// The configured check refused the caller.
    Unauthorized = -32005, "Unauthorized";
}

/// An error as it travels in a reply: JSON-RPC 2.0, section 5.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcError {
    /// A [`Code`] or a code that the contract declares.
    pub code: i32,
    /// One short sentence. Empty means: the message that the contract declares for the code.
    pub message: String,
    /// JSON text of the `data` member.
    pub data: Option<String>,
}

impl RpcError {
    /// An error of a handler's own.
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        RpcError { code, message: message.into(), data: None }
    }

    /// The same error with `data`, which must be JSON text. An exchange checks the data of a handler's error; that of a
    /// shell's own ([`crate::Outcome::Fail`], [`crate::Admission::Refuse`]) goes out as it is.
    pub fn with_data(mut self, json: impl Into<String>) -> Self {
        self.data = Some(json.into());
        self
    }

    /// The same error with `{"detail": sentence}` as its data: one plain sentence for a person.
    pub fn with_detail(self, sentence: &str) -> Self {
        let mut data = b"{\"detail\":".to_vec();
        write::string(&mut data, sentence);
        data.push(b'}');
        self.with_data(String::from_utf8(data).unwrap_or_default())
    }

    /// The error object at `at`, whose data is nested at most `depth` levels. One that may have other members may also be
    /// without a message, or have `null` for it: some servers write it so.
    pub(crate) fn read(text: &str, at: usize, others: Others, depth: usize) -> Option<RpcError> {
        let json = text.as_bytes();
        let names = ["code", "message", "data"];
        let ([code, message, data], _) = members(json, at, names, others, depth)?;
        let code = code?;
        let code = match number::int(json, code.start).ok()? {
            (_, Int::Plain) => i32::try_from(number::decimal(json.get(code)?)?).ok()?,
            (_, Int::Rewrite(code)) => i32::try_from(code).ok()?,
            _ => return None,
        };
        let message = match message.and_then(|message| text.get(message)) {
            None | Some("null") if others == Others::Ignored => "".into(),
            message => unescape(message?.strip_prefix('"')?.strip_suffix('"')?),
        };
        let mut error = RpcError::new(code, message);
        error.data = data.and_then(|data| text.get(data)).map(str::to_owned);
        Some(error)
    }
}

impl From<Code> for RpcError {
    fn from(code: Code) -> Self {
        RpcError::new(code.number(), code.message())
    }
}

impl core::fmt::Display for RpcError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl core::error::Error for RpcError {}

/// Why the core itself answers with an error: the reason here, code and detail in one place below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rejection {
    BodyTooLarge { limit: usize },
    BatchTooLarge { limit: usize },
    IdTooLarge { limit: usize },
    ReplyTooLarge { limit: usize },
    TooDeep { limit: usize },
    Empty,
    NotUtf8 { at: usize },
    NotJson { at: usize },
    UnpairedSurrogate { at: usize },
    EmptyBatch,
    NotAnObject,
    Version,
    Method,
    ParamsKind,
    IdKind,
    Twice(&'static str),
    NoMessage,
    NoCall,
    ClassMember,
    UnknownMethod,
    Params(Vec<Problem>),
    BadResult,
    BadError,
    BadAnswer,
    Dropped,
}

impl From<Rejection> for RpcError {
    fn from(rejection: Rejection) -> Self {
        use Rejection as R;
        let (code, detail) = match rejection {
            R::BodyTooLarge { limit } => (Code::TooLarge, format!("The body has more than {limit} bytes.")),
            R::BatchTooLarge { limit } => {
                (Code::TooLarge, format!("The batch has more than {limit} elements."))
            }
            R::IdTooLarge { limit } => (Code::TooLarge, format!("The id has more than {limit} bytes.")),
            R::ReplyTooLarge { limit } => (Code::TooLarge, format!("The reply has more than {limit} bytes.")),
            R::TooDeep { limit } => (Code::TooLarge, format!("The body nests deeper than {limit} levels.")),
            R::Empty => (Code::ParseError, "The body is empty.".into()),
            R::NotUtf8 { at } => (Code::ParseError, format!("The body is not UTF-8 at byte {at}.")),
            R::NotJson { at } => (Code::ParseError, format!("The body is not JSON at byte {at}.")),
            R::UnpairedSurrogate { at } => {
                (Code::ParseError, format!("Half of a surrogate pair is escaped at byte {at}."))
            }
            R::EmptyBatch => (Code::InvalidRequest, "A batch has at least one request.".into()),
            R::NotAnObject => (Code::InvalidRequest, "A request is an object.".into()),
            R::Version => (Code::InvalidRequest, "The member jsonrpc must be \"2.0\".".into()),
            R::Method => (Code::InvalidRequest, "The member method must be a string.".into()),
            R::ParamsKind => {
                (Code::InvalidRequest, "The member params must be an array or an object.".into())
            }
            R::IdKind => (Code::InvalidRequest, "The member id must be a string, a number or null.".into()),
            R::Twice(member) => (Code::InvalidRequest, format!("The member {member} comes twice.")),
            R::NoMessage => (Code::ParseError, "A message is a name and an object: name{…}.".into()),
            R::NoCall => (
                Code::InvalidRequest,
                "A call is an object with the method's name and a list of params.".into(),
            ),
            R::ClassMember => (
                Code::InternalError,
                "The result has a member _class, which the protocol needs for itself.".into(),
            ),
            R::UnknownMethod => (Code::MethodNotFound, "Nothing here has a method of that name.".into()),
            R::Params(problems) => {
                return RpcError::from(Code::InvalidParams).with_data(crate::problem::data(&problems));
            }
            R::BadResult => (Code::InternalError, "The handler's result breaks the contract.".into()),
            R::BadError => {
                (Code::InternalError, "The handler failed with an error that it may not use.".into())
            }
            R::BadAnswer => (Code::PluginFailed, "The plugin did not answer as it must.".into()),
            R::Dropped => (Code::InternalError, "The handler went away without an answer.".into()),
        };
        RpcError::from(code).with_detail(&detail)
    }
}
