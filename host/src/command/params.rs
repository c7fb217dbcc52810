//! Parameters as people write them, to request bodies.

use pintle_core::Contract;
use pintle_core::contract::{Definition, Parameter, Type};
use serde::Deserialize;
use serde_json::value::{RawValue, Value, to_raw_value};

/// One call of a batch.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    #[serde(default)]
    pub(crate) id: Box<RawValue>,
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) params: Box<RawValue>,
}

/// A JSON array of requests. Where `id` is left out, it is the place in the array, from 1.
pub(crate) fn batch(text: &str) -> Result<Vec<Call>, String> {
    let mut calls: Vec<Call> =
        serde_json::from_str(text).map_err(|error| format!("no JSON array of requests: {error}"))?;
    for (call, place) in calls.iter_mut().zip(1_u32..) {
        if call.id.get() == "null" {
            call.id = to_raw_value(&place).map_err(|error| error.to_string())?;
        }
    }
    Ok(calls)
}

/// `PARAMS`: nothing, a JSON array or object, or `name=value …`.
pub(crate) fn read(
    words: &[String],
    contract: Option<&Contract>,
    method: &str,
) -> Result<Option<String>, String> {
    match words {
        [] => Ok(None),
        [json] if json.trim_start().starts_with(['[', '{']) => {
            match serde_json::from_str::<Box<RawValue>>(json) {
                Ok(_) => Ok(Some(json.clone())),
                Err(error) => Err(format!("the parameters are no JSON: {error}")),
            }
        }
        words => {
            let found = contract.and_then(|contract| Some((contract, find(contract, method)?)));
            let mut members = Vec::new();
            for word in words {
                let (name, value) = word.split_once('=').ok_or_else(|| {
                    format!("\"{word}\" is neither a JSON array, nor a JSON object, nor name=value")
                })?;
                let text = found.and_then(|(contract, method)| is_text(contract, method, name));
                let value = match text {
                    Some(true) => Value::from(value).to_string(),
                    known => match (serde_json::from_str::<Box<RawValue>>(value), known) {
                        (Ok(_), _) => value.to_owned(),
                        // Nobody knows better: what is no JSON is meant as text.
                        (Err(_), None) => Value::from(value).to_string(),
                        (Err(error), Some(_)) => {
                            return Err(format!("{name}: \"{value}\" is no JSON: {error}"));
                        }
                    },
                };
                members.push(format!("{}:{value}", Value::from(name)));
            }
            Ok(Some(format!("{{{}}}", members.join(","))))
        }
    }
}

type Found<'a> = (&'a str, &'a [Parameter]);

fn find<'a>(contract: &'a Contract, name: &str) -> Option<Found<'a>> {
    let (interface, method) = name.rsplit_once('.')?;
    let interface = contract.interfaces().iter().find(|item| item.name == interface)?;
    let method = interface.methods.iter().find(|item| item.name == method)?;
    Some((&interface.namespace, &method.parameters))
}

/// Whether a parameter is a string or an enum; `None` if there is no such parameter.
fn is_text(contract: &Contract, (namespace, parameters): Found<'_>, name: &str) -> Option<bool> {
    let parameter = parameters.iter().find(|parameter| parameter.name == name)?;
    Some(match &parameter.ty {
        Type::String => true,
        Type::Named(named) => matches!(contract.definition(named, namespace), Some(Definition::Enum(_))),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches() {
        let calls = batch(r#"[{"method":"a","params":[1.0]},{"method":"b","id":"x"}]"#).unwrap();
        let of = |call: &Call| (call.id.get().to_owned(), call.method.clone(), call.params.get().to_owned());
        assert_eq!(of(&calls[0]), ("1".to_owned(), "a".to_owned(), "[1.0]".to_owned()));
        assert_eq!(of(&calls[1]), ("\"x\"".to_owned(), "b".to_owned(), "null".to_owned()));
        for bad in ["{}", "[1]", "[{}]"] {
            assert!(batch(bad).is_err(), "{bad}");
        }
    }
}
