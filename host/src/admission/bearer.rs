//! Bearer tokens: RFC 6750, section 2.1, the token in a header.

use std::path::Path;
use std::time::Instant;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::Stranger;
use super::tokens::Tokens;

/// The tokens that are let in.
#[derive(Debug)]
pub struct Bearer(Tokens);

impl Bearer {
    /// The tokens of a file, one in a line, as `token` or `name:token`; empty lines and lines that begin with `#` are
    /// left out. The file is read again when it has changed; while it cannot be read, or has a line that is no token,
    /// the tokens of before hold.
    ///
    /// # Errors
    ///
    /// Why no tokens could be had, as one sentence that shows nothing of the file.
    pub fn file(path: &Path) -> Result<Bearer, String> {
        Tokens::file(path).map(Bearer)
    }

    /// The same from a text.
    ///
    /// # Errors
    ///
    /// As for [`Bearer::file`].
    pub fn text(text: &str) -> Result<Bearer, String> {
        Tokens::text(text).map(Bearer)
    }

    /// What `ctx.auth` shows of whoever sends these headers: `{"bearer": name}`, with `null` for a token without a name.
    pub(super) fn identify(&self, headers: &HeaderMap) -> Result<String, Stranger> {
        let token = token(headers).ok_or(Stranger)?;
        let name = self.0.find(token, Instant::now()).ok_or(Stranger)?;
        Ok(serde_json::json!({ "bearer": name }).to_string())
    }
}

/// The token, if there is exactly one.
fn token(headers: &HeaderMap) -> Option<&[u8]> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, rest) = value.as_bytes().split_at_checked("bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| rest.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_header_with_the_scheme_in_any_case() {
        let of = |values: &[&str]| {
            let headers: HeaderMap = values.iter().map(|v| (AUTHORIZATION, v.parse().unwrap())).collect();
            token(&headers).map(<[u8]>::to_vec)
        };
        for good in ["Bearer abc", "bearer abc", "BEARER   abc "] {
            assert_eq!(of(&[good]).as_deref(), Some(&b"abc"[..]), "{good}");
        }
        assert_eq!(of(&["Bearer "]).as_deref(), Some(&b""[..]));
        for bad in ["", "Bearer", "Bearerabc", "Basic abc", "abc", "Token abc"] {
            assert_eq!(of(&[bad]), None, "{bad}");
        }
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["Bearer abc", "Bearer abc"]), None);
    }
}
