//! A response object that the core wrote, read back.

use pintle_core::{Code, RpcError};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What every response begins with.
const HEAD: &str = r#"{"jsonrpc":"2.0","#;

/// The outcome of a call, as the caller gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The result, as JSON text.
    Result(&'a str),
    /// The error.
    Error(RpcError),
}

#[derive(Deserialize)]
struct Wire<'a> {
    code: i32,
    message: String,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

impl<'a> Outcome<'a> {
    /// Reads the response to the request with this id (JSON text). The core wrote it, so only our own fault can make it
    /// unreadable: that reads as Internal error.
    pub(crate) fn of(response: &'a str, id: &str) -> Outcome<'a> {
        Outcome::read(response, id).unwrap_or_else(|| Outcome::Error(Code::InternalError.into()))
    }

    fn read(response: &'a str, id: &str) -> Option<Outcome<'a>> {
        let inner =
            response.strip_prefix(HEAD)?.strip_suffix('}')?.strip_suffix(id)?.strip_suffix(r#","id":"#)?;
        if let Some(result) = inner.strip_prefix(r#""result":"#) {
            return Some(Outcome::Result(result));
        }
        let Wire { code, message, data } = serde_json::from_str(inner.strip_prefix(r#""error":"#)?).ok()?;
        Some(Outcome::Error(RpcError { code, message, data: data.map(|data| data.get().to_owned()) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_core_writes_is_read() {
        let read = |response, id| Outcome::of(response, id);
        assert_eq!(
            read(r#"{"jsonrpc":"2.0","result":{"id":1},"id":7}"#, "7"),
            Outcome::Result(r#"{"id":1}"#)
        );
        let id = r#""\",\"id\":""#;
        let tricky = format!(r#"{{"jsonrpc":"2.0","result":",\"id\":","id":{id}}}"#);
        assert_eq!(read(&tricky, id), Outcome::Result(r#"",\"id\":""#));
        let error = RpcError::new(7, "n\"o").with_data("[1]");
        let response = r#"{"jsonrpc":"2.0","error":{"code":7,"message":"n\"o","data":[1]},"id":null}"#;
        assert_eq!(read(response, "null"), Outcome::Error(error));
        for strange in
            ["", "{}", r#"{"jsonrpc":"2.0","result":1,"id":8}"#, r#"{"jsonrpc":"2.0","error":1,"id":7}"#]
        {
            assert_eq!(read(strange, "7"), Outcome::Error(Code::InternalError.into()), "{strange}");
        }
    }
}
