//! From parameters to a handler, and from what it returns to an answer.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Wire};
use crate::log;

/// A function that `plugin!` can list: up to eight parameters that serde can read, returning what serde can write, or
/// a `Result` of that and an [`Error`] (or what converts into one).
///
/// `Shape` only tells the implementations apart and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    note = "a handler has at most eight parameters that implement `DeserializeOwned`, and returns a value that implements `Serialize`, or a `Result` of such a value and `pintle_guest::Error`"
)]
pub trait Handler<Shape> {
    /// Reads the parameters, a JSON array by position, runs the function and appends its result, or says why not.
    fn run(&self, params: &[u8], out: &mut Vec<u8>) -> Result<(), Failure>;
}

/// What a handler may return.
pub trait Returned<Shape> {
    /// Appends the result as JSON.
    fn write(self, out: &mut Vec<u8>) -> Result<(), Failure>;
}

/// Why there is no result.
#[derive(Debug)]
pub enum Failure {
    /// The handler says so.
    Error(Error),
    /// The parameters, which the host has checked, do not fit the handler's types.
    Params(serde_json::Error),
    /// The result cannot be written as JSON.
    Result(serde_json::Error),
}

/// The [`Returned`] shape of a plain value.
#[derive(Debug)]
pub struct Plain;
/// The [`Returned`] shape of a `Result`.
#[derive(Debug)]
pub struct Fallible;

impl<T: Serialize> Returned<Plain> for T {
    fn write(self, out: &mut Vec<u8>) -> Result<(), Failure> {
        serde_json::to_writer(out, &self).map_err(Failure::Result)
    }
}

impl<T: Serialize, E: Into<Error>> Returned<Fallible> for Result<T, E> {
    fn write(self, out: &mut Vec<u8>) -> Result<(), Failure> {
        self.map_err(|error| Failure::Error(error.into()))?.write(out)
    }
}

macro_rules! handler {
    // serde reads `()` from null; no parameters are an empty array.
    (@list) => { [] };
    (@list $($param:ident)+) => { ($($param,)+) };
    (@list_type) => { [(); 0] };
    (@list_type $($param:ident)+) => { ($($param,)+) };
    ($($param:ident)*) => {
        impl<F, R, Shape, $($param),*> Handler<(Shape, $($param,)*)> for F
        where
            F: Fn($($param),*) -> R,
            R: Returned<Shape>,
            $($param: DeserializeOwned,)*
        {
            #[allow(non_snake_case)]
            fn run(&self, params: &[u8], out: &mut Vec<u8>) -> Result<(), Failure> {
                let handler!(@list $($param)*): handler!(@list_type $($param)*) =
                    serde_json::from_slice(params).map_err(Failure::Params)?;
                self($($param),*).write(out)
            }
        }
    };
}

handler!();
handler!(A);
handler!(A B);
handler!(A B C);
handler!(A B C D);
handler!(A B C D E);
handler!(A B C D E G);
handler!(A B C D E G H);
handler!(A B C D E G H I);

/// Runs a call with its handler.
pub fn answer<Shape>(method: &str, handler: impl Handler<Shape>, params: &[u8]) -> Vec<u8> {
    written(method, |out| handler.run(params, out))
}

/// A call for a generated handler trait.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// `Interface.method`
    whole: &'a str,
    params: &'a [u8],
}

impl<'a> Incoming<'a> {
    /// A call as the host hands it over.
    pub fn new(method: &'a str, params: &'a [u8]) -> Self {
        Incoming { whole: method, params }
    }

    /// The interface, with its namespace if it is imported; empty if the host named none.
    pub fn interface(&self) -> &'a str {
        self.whole.rsplit_once('.').map_or("", |(interface, _)| interface)
    }

    /// The method alone.
    pub fn method(&self) -> &'a str {
        self.whole.rsplit_once('.').map_or(self.whole, |(_, method)| method)
    }

    /// Reads the parameters and answers what `handler` makes of them.
    pub fn answer<P: DeserializeOwned, R: Serialize>(
        self,
        handler: impl FnOnce(P) -> Result<R, Error>,
    ) -> Vec<u8> {
        written(self.whole, |out| {
            let params = serde_json::from_slice(self.params).map_err(Failure::Params)?;
            handler(params).write(out)
        })
    }

    /// Answers that the plugin does not have the method.
    pub fn unknown_method(self) -> Vec<u8> {
        unknown_method(self.whole)
    }
}

/// The answer is JSON as ABI version 1 has it, built in the one buffer that the host reads.
fn written(method: &str, run: impl FnOnce(&mut Vec<u8>) -> Result<(), Failure>) -> Vec<u8> {
    const START: &[u8] = br#"{"result":"#;
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(START);
    match run(&mut out) {
        Ok(()) => {
            out.push(b'}');
            out
        }
        Err(failure) => failed(method, failure),
    }
}

/// The answer to a method that the plugin does not have.
#[cold]
pub fn unknown_method(method: &str) -> Vec<u8> {
    log::error(format_args!("{method}: the plugin serves this interface without this method"));
    error(Error::new(-32601, "Method not found"))
}

/// The answer when the boundary itself does not hold; the reason is for the host's log only.
#[cold]
pub(crate) fn broken(reason: &str) -> Vec<u8> {
    log::error(reason);
    error(Error::internal())
}

#[cold]
fn failed(method: &str, failure: Failure) -> Vec<u8> {
    match failure {
        Failure::Error(why) => error(why),
        Failure::Params(why) => {
            broken(&format!("{method}: the parameters do not fit the handler's types: {why}"))
        }
        Failure::Result(why) => broken(&format!("{method}: the result cannot be written as JSON: {why}")),
    }
}

fn error(error: Error) -> Vec<u8> {
    let mut out = br#"{"error":"#.to_vec();
    // A code, a text and JSON that was checked before: nothing here can fail.
    let _ = serde_json::to_writer(&mut out, &Wire::from(error));
    out.push(b'}');
    out
}
