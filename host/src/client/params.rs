//! Parameters as callers have them, to the JSON text that is sent.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::error::ClientError;

/// A JSON array or object, or nothing for `()`.
pub(super) fn json(params: &impl Serialize) -> Result<Option<String>, ClientError> {
    let json = serde_json::to_string(params)
        .map_err(|error| ClientError::not_sent(format!("the parameters are no JSON: {error}")))?;
    match json.as_bytes().first() {
        Some(b'[' | b'{') => Ok(Some(json)),
        _ if json == "null" => Ok(None),
        _ => Err(ClientError::not_sent(
            "parameters are a tuple, a list, a struct or a map; one value is the tuple (value,), and JSON text is a RawValue",
        )),
    }
}

/// Adds members to parameters by name that do not have them yet; parameters by position stay as they are.
pub(super) fn extended(
    params: Option<String>,
    extra: &BTreeMap<String, Box<RawValue>>,
) -> Result<Option<String>, ClientError> {
    let text = params.as_deref().map_or("{}", str::trim_start);
    if extra.is_empty() || !text.starts_with('{') {
        return Ok(params);
    }
    let unreadable =
        |error: serde_json::Error| ClientError::not_sent(format!("the parameters are no JSON: {error}"));
    // One that is named twice would be hidden by the map, and is the caller's mistake.
    let Members(own) = serde_json::from_str(text).map_err(unreadable)?;
    let mut all: BTreeMap<&str, &RawValue> =
        extra.iter().map(|(name, value)| (name.as_str(), &**value)).collect();
    all.extend(own.iter().map(|(name, value)| (name.as_str(), &**value)));
    serde_json::to_string(&all).map(Some).map_err(unreadable)
}

/// The members of an object; one that comes twice is an error.
struct Members(BTreeMap<String, Box<RawValue>>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if members.contains_key(&name) {
                        return Err(serde::de::Error::custom(format_args!("\"{name}\" comes twice")));
                    }
                    members.insert(name, value);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_lists_or_objects() {
        #[derive(Serialize)]
        struct Named {
            a: i64,
        }
        let raw = RawValue::from_string("[1.0]".to_owned()).unwrap();
        assert_eq!(json(&(1, "x")).unwrap().unwrap(), r#"[1,"x"]"#);
        assert_eq!(json(&[(); 0]).unwrap().unwrap(), "[]");
        assert_eq!(json(&Named { a: 1 }).unwrap().unwrap(), r#"{"a":1}"#);
        assert_eq!(json(&raw).unwrap().unwrap(), "[1.0]");
        assert_eq!(json(&()).unwrap(), None);
        assert!(json(&1).is_err() && json(&"[1]").is_err());
        assert!(json(&BTreeMap::from([((1, 2), 3)])).is_err());
    }

    #[test]
    fn extra_data_goes_with_what_is_named() {
        let value = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        let extra = BTreeMap::from([("token".to_owned(), value("\"t\"")), ("b".to_owned(), value("0"))]);
        let with = |params: Option<&str>| extended(params.map(str::to_owned), &extra);
        assert_eq!(with(Some(r#"{"a":1.0,"b":2}"#)).unwrap().unwrap(), r#"{"a":1.0,"b":2,"token":"t"}"#);
        assert_eq!(with(None).unwrap().unwrap(), r#"{"b":0,"token":"t"}"#);
        assert_eq!(with(Some("[1]")).unwrap().unwrap(), "[1]");
        assert!(with(Some(r#"{"a":1,"a":2}"#)).is_err());
        assert_eq!(extended(None, &BTreeMap::new()).unwrap(), None);
    }
}
