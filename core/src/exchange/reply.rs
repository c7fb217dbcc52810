//! Responses, written straight into their buffer, and read back for those who speak otherwise.

use crate::error::{Code, RpcError};
use crate::json::{
    members::{Others, members},
    scan, write,
};

/// What every response begins with.
const HEAD: &[u8] = b"{\"jsonrpc\":\"2.0\",";

/// A success; `write_result` appends exactly one JSON value.
pub(super) fn success(id: &str, hint: usize, write_result: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD.len() + hint + id.len() + 16);
    out.extend_from_slice(HEAD);
    out.extend_from_slice(b"\"result\":");
    write_result(&mut out);
    end(&mut out, id);
    out
}

/// An error; its data must be JSON.
pub(crate) fn error(id: &str, error: &RpcError) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD.len() + error.message.len() + 160 + id.len());
    out.extend_from_slice(HEAD);
    out.extend_from_slice(b"\"error\":{\"code\":");
    write::int(&mut out, error.code.into());
    out.extend_from_slice(b",\"message\":");
    write::string(&mut out, &error.message);
    if let Some(data) = &error.data {
        out.extend_from_slice(b",\"data\":");
        out.extend_from_slice(data.as_bytes());
    }
    out.push(b'}');
    end(&mut out, id);
    out
}

/// What a single response says that [`success`] or [`error`] wrote to a request with the id 0: the result's text, or the
/// error.
pub(crate) fn read(response: &[u8]) -> Result<&str, RpcError> {
    let success = response.strip_prefix(HEAD).and_then(|rest| rest.strip_prefix(b"\"result\":"));
    if let Some(result) = success.and_then(|rest| rest.strip_suffix(b",\"id\":0}"))
        && let Ok(result) = str::from_utf8(result)
    {
        return Ok(result);
    }
    let names = ["jsonrpc", "error", "id"];
    let depth = scan::MAX_DEPTH;
    let read = str::from_utf8(response).ok().and_then(|text| {
        let ([_, error, _], _) = members(response, 0, names, Others::Refused, depth)?;
        RpcError::read(text, error?.start, Others::Refused, depth)
    });
    Err(read.unwrap_or_else(|| Code::InternalError.into()))
}

fn end(out: &mut Vec<u8>, id: &str) {
    out.extend_from_slice(b",\"id\":");
    out.extend_from_slice(id.as_bytes());
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::super::slot::RESERVE;
    use super::*;
    use crate::error::Rejection;

    #[test]
    fn the_room_that_is_kept_holds_the_error_for_a_reply_that_is_too_large() {
        let rejection = || Rejection::ReplyTooLarge { limit: usize::MAX };
        for id in ["null", "1", "\"some id\""] {
            // An id that cannot be echoed has no bytes of its own, but `null` is written.
            let room = RESERVE + if id == "null" { 0 } else { id.len() };
            let response = error(id, &rejection().into());
            // In a batch a comma or bracket goes before it.
            assert!(response.len() < room, "{} of {room}", response.len());
        }
    }

    #[test]
    fn what_was_written_reads_back() {
        assert_eq!(
            read(&success("0", 0, |out| out.extend_from_slice(b"[1,{\"id\":0}]"))),
            Ok("[1,{\"id\":0}]")
        );
        let deep = "[".repeat(128) + &"]".repeat(128);
        for data in [None, Some("{\"detail\":\"é\"}".to_owned()), Some(deep)] {
            let failure = RpcError { code: -7, message: "\"two\"\nlines".into(), data };
            assert_eq!(read(&error("0", &failure)), Err(failure.clone()));
            assert_eq!(read(&error("null", &failure)), Err(failure));
        }
        for text in ["", "{}", "[]", "{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":1}", "\u{e9}"] {
            assert_eq!(read(text.as_bytes()), Err(Code::InternalError.into()), "{text}");
        }
    }

    #[test]
    fn responses_are_json_on_one_line() {
        let response = success("\"a\"", 0, |out| out.extend_from_slice(b"[1]"));
        assert_eq!(response, br#"{"jsonrpc":"2.0","result":[1],"id":"a"}"#);
        let failure = RpcError::new(-7, "two\nlines").with_data("{}");
        let expected = br#"{"jsonrpc":"2.0","error":{"code":-7,"message":"two\nlines","data":{}},"id":null}"#;
        assert_eq!(error("null", &failure), expected);
    }
}
