//! Other interfaces of the same server, and the peers of its connections.
//!
//! Parameters are given as a tuple (`()` for none, `(a,)` for one) or a list. Everything is checked against the
//! contract both ways and needs a grant in the manifest.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Wire;
use crate::{Error, Refused, host, log};

/// Calls `Interface.method` of the same server.
///
/// # Errors
///
/// The error that the method answered, as it came; Internal error if the host refused the call, or the result is no
/// `T` (logged).
pub fn call<T: DeserializeOwned>(method: &str, params: impl Serialize) -> Result<T, Error> {
    let answer = host::call(method, &array(&params)?);
    read(method, answer)
}

/// Calls a method of a connection's peer and waits for the answer. An empty `connection` is the caller's own.
///
/// # Errors
///
/// As for [`call`].
pub fn request<T: DeserializeOwned>(
    connection: &str,
    method: &str,
    params: impl Serialize,
) -> Result<T, Error> {
    let answer = host::request(connection, method, &array(&params)?);
    read(method, answer)
}

/// Notifies a connection's peer, which does not answer. An empty `connection` is the caller's own, `*` is every one that
/// the plugin may reach.
///
/// # Errors
///
/// Why the host does not send it.
pub fn send(connection: &str, method: &str, params: impl Serialize) -> Result<(), Refused> {
    let params = array(&params).map_err(|_| Refused::Invalid)?;
    host::send(connection, method, &params)
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer<T> {
    Result(T),
    Error(Wire),
}

fn read<T: DeserializeOwned>(method: &str, answer: Option<Vec<u8>>) -> Result<T, Error> {
    let Some(answer) = answer else {
        log::error(format_args!("{method}: the host refused the call"));
        return Err(Error::internal());
    };
    match serde_json::from_slice(&answer) {
        Ok(Answer::Result(result)) => Ok(result),
        Ok(Answer::Error(error)) => Err(error.into()),
        Err(why) => {
            log::error(format_args!("{method}: the answer has another type: {why}"));
            Err(Error::internal())
        }
    }
}

/// Parameters as a JSON array. serde writes `()` as null, which here means none.
fn array(params: &impl Serialize) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(params).map_err(|why| {
        log::error(format_args!("the parameters cannot be written as JSON: {why}"));
        Error::internal()
    })?;
    Ok(if json == b"null" { b"[]".to_vec() } else { json })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_an_array() {
        assert_eq!(array(&()).unwrap(), b"[]");
        assert_eq!(array(&("a",)).unwrap(), br#"["a"]"#);
        assert_eq!(array(&(1, None::<i64>)).unwrap(), b"[1,null]");
    }

    #[test]
    fn an_answer_is_a_result_or_an_error_or_nothing() {
        let answer = |json: &str| read::<Option<i64>>("A.b", Some(json.into()));
        assert_eq!(answer(r#"{"result":4}"#).unwrap(), Some(4));
        assert_eq!(answer(r#"{"result":null}"#).unwrap(), None);
        let error = answer(r#"{"error":{"code":1001,"message":"gone","data":{"id":7}}}"#).unwrap_err();
        assert_eq!((error.code(), error.message(), error.data()), (1001, "gone", Some(r#"{"id":7}"#)));
        for wrong in [r#"{"result":"x"}"#, "{}", "", r#"{"result":1,"error":{"code":1,"message":""}}"#] {
            assert_eq!(answer(wrong).unwrap_err().code(), -32603, "{wrong}");
        }
        assert_eq!(read::<()>("A.b", None).unwrap_err().code(), -32603);
    }

    #[test]
    fn without_a_host_nothing_is_granted() {
        assert_eq!(call::<()>("A.b", ()).unwrap_err().code(), -32603);
        assert_eq!(send("", "A.b", ()), Err(Refused::NotGranted));
    }
}
