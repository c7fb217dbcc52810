//! The conformance service as a plugin: `conform.pulse` over a list of people.

// As `pintle gen rust` writes it, which this project's own rustfmt.toml would not.
#[rustfmt::skip]
mod conform;
mod people;

use crate::conform::rpc::RpcError;
use crate::conform::shared::{Kind, Operation, Status};
use crate::conform::{Greetings, Numbers, People, Person};

pintle_guest::plugin! {
    impl conform::{Numbers, People} for Conform
}

/// There is no such root. A contract of Barrister declares no errors, but its handlers may use any positive code.
const NO_ROOT: i32 = 100;
/// Numbers in one answer.
const MOST_TIMES: i64 = 1000;

/// What handles the calls. It remembers nothing.
#[derive(Debug, Default)]
pub struct Conform;

impl Numbers for Conform {
    fn add(&self, a: i64, b: i64) -> Result<i64, RpcError> {
        a.checked_add(b).ok_or_else(|| RpcError::invalid_params("the sum is too large"))
    }

    fn reduce(&self, numbers: Vec<f64>, operation: Operation) -> Result<f64, RpcError> {
        let result: f64 = match operation {
            Operation::Add => numbers.iter().sum(),
            Operation::Multiply => numbers.iter().product(),
        };
        if result.is_finite() { Ok(result) } else { Err(RpcError::invalid_params("the result is too large")) }
    }

    fn root(&self, of: f64) -> Result<f64, RpcError> {
        if of < 0.0 {
            return Err(RpcError::new(NO_ROOT, "a negative number has no root"));
        }
        Ok(of.sqrt())
    }

    fn repeat(&self, number: i64, times: i64) -> Result<Vec<i64>, RpcError> {
        if !(0..=MOST_TIMES).contains(&times) {
            return Err(RpcError::invalid_params(format!("times must be between 0 and {MOST_TIMES}")));
        }
        Ok((0..times).map(|_| number).collect())
    }
}

impl People for Conform {
    fn find(&self, name: String) -> Result<Option<Person>, RpcError> {
        Ok(people::all().into_iter().find(|person| person.name == name))
    }

    fn list(&self, kind: Kind) -> Result<Vec<Person>, RpcError> {
        Ok(people::all().into_iter().filter(|person| person.kind == kind).collect())
    }

    fn greet(&self, people: Vec<Person>) -> Result<Greetings, RpcError> {
        let words: Vec<String> = people.iter().map(greeting).collect();
        Ok(match words.is_empty() {
            true => {
                Greetings { status: Status::NothingDone, remark: Some("nobody is there".to_owned()), words }
            }
            false => Greetings { status: Status::Ok, remark: None, words },
        })
    }
}

fn greeting(person: &Person) -> String {
    let word = match person.kind {
        Kind::Friend => "Hi",
        Kind::Stranger => "Good day",
    };
    match person.children.as_deref() {
        None | Some([]) => format!("{word}, {}", person.name),
        Some(children) => format!("{word}, {} and {} more", person.name, children.len()),
    }
}
