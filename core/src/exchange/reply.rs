//! Responses, written straight into their buffer.

use crate::error::RpcError;
use crate::json::write;

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
pub(super) fn error(id: &str, error: &RpcError) -> Vec<u8> {
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

fn end(out: &mut Vec<u8>, id: &str) {
    out.extend_from_slice(b",\"id\":");
    out.extend_from_slice(id.as_bytes());
    out.push(b'}');
}
