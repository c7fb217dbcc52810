//! Parameters as people write them, to request bodies.

use pintle_core::Contract;
use pintle_core::contract::{Definition, Parameter, Type};
use serde_json::value::{RawValue, Value};

/// A request body.
pub(crate) fn request(method: &str, params: Option<&str>, wants_reply: bool) -> String {
    let method = Value::from(method);
    let params = params.map(|params| format!(",\"params\":{params}")).unwrap_or_default();
    let id = if wants_reply { ",\"id\":1" } else { "" };
    format!("{{\"jsonrpc\":\"2.0\",\"method\":{method}{params}{id}}}")
}

/// A batch from a JSON array of requests, in which `jsonrpc` and `id` may be left out.
pub(crate) fn batch(text: &str) -> Result<String, String> {
    let requests: Vec<Box<RawValue>> =
        serde_json::from_str(text).map_err(|error| format!("no JSON array of requests: {error}"))?;
    let mut out = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let members: Vec<(String, Box<RawValue>)> = members(request.get())
            .ok_or_else(|| format!("element {} is no object with a method", index + 1))?;
        let mut object: Vec<String> =
            members.iter().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
        let has = |wanted: &str| members.iter().any(|(name, _)| name == wanted);
        if !has("jsonrpc") {
            object.push("\"jsonrpc\":\"2.0\"".to_owned());
        }
        if !has("id") {
            object.push(format!("\"id\":{}", index + 1));
        }
        out.push(format!("{{{}}}", object.join(",")));
    }
    Ok(format!("[{}]", out.join(",")))
}

fn members(json: &str) -> Option<Vec<(String, Box<RawValue>)>> {
    let map: std::collections::BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).ok()?;
    map.contains_key("method").then(|| map.into_iter().collect())
}

/// Whether a method can be checked: it is in the contract, or one that servers answer themselves.
pub(crate) fn is_known(contract: &Contract, method: &str) -> bool {
    const OWN: [&str; 7] =
        ["pulserpc-idl", "barrister-idl", "rpc.discover", "ping", "echo", "functions_list", "documentation"];
    OWN.contains(&method) || find(contract, method).is_some()
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
    fn requests() {
        assert_eq!(
            request("a\"b", Some("[1]"), true),
            r#"{"jsonrpc":"2.0","method":"a\"b","params":[1],"id":1}"#
        );
        assert_eq!(request("a", None, false), r#"{"jsonrpc":"2.0","method":"a"}"#);
    }

    #[test]
    fn batches() {
        let got = batch(r#"[{"method":"a","params":[1.0]},{"method":"b","id":"x"}]"#).unwrap();
        let first = r#"{"method":"a","params":[1.0],"jsonrpc":"2.0","id":1}"#;
        let second = r#"{"id":"x","method":"b","jsonrpc":"2.0"}"#;
        assert_eq!(got, format!("[{first},{second}]"));
        assert!(batch("{}").is_err());
        assert!(batch("[1]").is_err());
        assert!(batch("[{}]").is_err());
    }
}
