//! The calculator as a plugin: `calculator.pulse` in plain floats.

// As `pintle gen rust` writes it, which this project's own rustfmt.toml would not.
#[rustfmt::skip]
mod calculator;

use crate::calculator::rpc::RpcError;
use crate::calculator::{Calculator, Error};

pintle_guest::plugin! {
    impl calculator::{Calculator} for Arithmetic
}

/// What handles the calls. It remembers nothing.
#[derive(Debug, Default)]
pub struct Arithmetic;

impl Calculator for Arithmetic {
    fn add(&self, a: f64, b: f64) -> Result<f64, RpcError> {
        finite(a + b)
    }

    fn subtract(&self, a: f64, b: f64) -> Result<f64, RpcError> {
        finite(a - b)
    }

    fn multiply(&self, a: f64, b: f64) -> Result<f64, RpcError> {
        finite(a * b)
    }

    fn divide(&self, a: f64, b: f64) -> Result<f64, RpcError> {
        if b == 0.0 {
            return Err(Error::DivisionByZero.into());
        }
        finite(a / b)
    }
}

/// JSON has no infinity: what is too large for a float is an error of the contract.
fn finite(result: f64) -> Result<f64, RpcError> {
    if result.is_finite() { Ok(result) } else { Err(Error::OutOfRange.into()) }
}
