//! From values to JSON.

use std::io::Write;

use pintle_core::RpcError;
use pintle_core::json::write_string;
use wasmtime::component::Val;

use super::{Field, Method, Names, Shape, World};
use crate::plugin::abi::Answer;
use crate::plugin::component::{error, json};
use crate::plugin::{Failure, FailureKind};

impl World {
    /// What a function answered: its result as JSON of about `limit` bytes at most, which the core judges, or its error.
    pub(super) fn lift(
        &self,
        method: &Method,
        answer: Val,
        limit: usize,
    ) -> Result<Answer<'static>, Failure> {
        match answer {
            Val::Result(Ok(value)) => {
                let mut out = Out { json: Vec::new(), limit };
                match (&method.result, &value) {
                    (Some(shape), Some(value)) => out.value(shape, value)?,
                    (None, None) => out.json.extend_from_slice(b"null"),
                    _ => return Err(stray()),
                }
                out.room(0)?;
                // Everything in it was text.
                String::from_utf8(out.json).map(Answer::Return).map_err(|_| stray())
            }
            Val::Result(Err(Some(value))) => self.error(*value, limit).map(Answer::Error),
            _ => Err(stray()),
        }
    }

    fn error(&self, value: Val, limit: usize) -> Result<RpcError, Failure> {
        let Val::Variant(case, Some(detail)) = value else { return Err(stray()) };
        let Val::Record(fields) = *detail else { return Err(stray()) };
        let mut values = fields.into_iter().map(|(_, value)| value);
        let declared = self.errors.iter().find(|declared| declared.case == case);
        let code = match declared {
            Some(declared) => declared.code,
            None => match values.next() {
                Some(Val::S32(code)) => code,
                _ => return Err(stray()),
            },
        };
        let (message, data) = match (values.next(), values.next()) {
            (Some(Val::String(message)), Some(Val::Option(data))) => (message, data),
            _ => return Err(stray()),
        };
        let data = match data.map(|data| *data) {
            None => None,
            Some(Val::String(data)) => Some(data),
            Some(_) => return Err(stray()),
        };
        let message = match declared {
            Some(declared) if message.is_empty() => declared.message.clone(),
            _ => message,
        };
        error(code, message, data, limit)
    }
}

/// JSON that is being written.
struct Out {
    json: Vec<u8>,
    limit: usize,
}

impl Out {
    fn value(&mut self, shape: &Shape, value: &Val) -> Result<(), Failure> {
        match (shape, value) {
            (Shape::String, Val::String(text)) => {
                self.room(text.len())?;
                write_string(&mut self.json, text);
            }
            (Shape::Int, Val::S64(number)) => self.write(format_args!("{number}"))?,
            (Shape::Float, Val::Float64(number)) if number.is_finite() => {
                self.write(format_args!("{number:?}"))?;
            }
            (Shape::Float, Val::Float64(number)) => {
                return Err(Failure::new(FailureKind::Answer, format!("{number} is no number of JSON")));
            }
            (Shape::Bool, Val::Bool(truth)) => self.write(format_args!("{truth}"))?,
            (Shape::Text, Val::String(text)) => {
                self.room(text.len())?;
                self.json.extend_from_slice(json(text, "a value that is JSON text")?.as_bytes());
            }
            (Shape::Enum(cases), Val::Enum(name)) => {
                let case = cases.iter().find(|case| case.wit == *name).ok_or_else(stray)?;
                write_string(&mut self.json, &case.contract);
            }
            (Shape::List(item), Val::List(values)) => {
                self.list(b"[]", values, |out, value| out.value(item, value))?;
            }
            (Shape::Map(shape), Val::List(entries)) => {
                self.list(b"{}", entries, |out, entry| match entry {
                    Val::Tuple(pair) => match pair.as_slice() {
                        [Val::String(key), value] => {
                            out.key(key)?;
                            out.value(shape, value)
                        }
                        _ => Err(stray()),
                    },
                    _ => Err(stray()),
                })?
            }
            (Shape::Record(fields), Val::Record(values)) => {
                let there =
                    fields.iter().zip(values).filter(|(_, (_, value))| !matches!(value, Val::Option(None)));
                self.list(
                    b"{}",
                    there,
                    |out, (Field { name: Names { contract, .. }, shape }, (_, value))| {
                        out.key(contract)?;
                        out.value(shape, value)
                    },
                )?;
            }
            (Shape::Optional(_), Val::Option(None)) => self.json.extend_from_slice(b"null"),
            (Shape::Optional(shape), Val::Option(Some(value))) => self.value(shape, value)?,
            _ => return Err(stray()),
        }
        Ok(())
    }

    fn key(&mut self, key: &str) -> Result<(), Failure> {
        self.room(key.len())?;
        write_string(&mut self.json, key);
        self.json.push(b':');
        Ok(())
    }

    fn list<T>(
        &mut self,
        ends: &[u8; 2],
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Out, T) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.room(0)?;
        self.json.push(ends[0]);
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.json.push(b',');
            }
            write(self, item)?;
        }
        self.json.push(ends[1]);
        Ok(())
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) -> Result<(), Failure> {
        self.room(0)?;
        // Writing to a vector cannot fail.
        self.json.write_fmt(text).map_err(|_| stray())
    }

    /// Ends an answer that is too large before it is written out.
    fn room(&self, more: usize) -> Result<(), Failure> {
        let len = self.json.len().saturating_add(more);
        if len > self.limit { Err(Failure::too_large(len, self.limit)) } else { Ok(()) }
    }
}

/// The types were compared when the plugin was loaded.
fn stray() -> Failure {
    Failure::new(FailureKind::Answer, "a value does not have its type")
}
