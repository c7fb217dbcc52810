//! From JSON to values.
//!
//! The text has been held against the contract, so that nothing here has to explain itself: an error means that somebody
//! called past the core.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use wasmtime::component::Val;
use wasmtime::{Result, format_err};

use super::{Case, Field, Shape};

/// The values of a list of parameters. Optional ones may be missing at its end.
pub(super) fn parameters(shapes: &[Shape], json: &str) -> Result<Vec<Val>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let values = deserializer.deserialize_seq(Parameters(shapes));
    values.map_err(|error| format_err!("the parameters do not have their types: {error}"))
}

struct Parameters<'a>(&'a [Shape]);

impl<'de> Visitor<'de> for Parameters<'_> {
    type Value = Vec<Val>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of parameters")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Val>, A::Error> {
        let mut values = Vec::with_capacity(self.0.len());
        for shape in self.0 {
            let value = list.next_element_seed(shape)?;
            values.push(value.or_else(|| shape.absent()).ok_or_else(|| A::Error::custom("too few"))?);
        }
        match list.next_element::<IgnoredAny>()? {
            None => Ok(values),
            Some(_) => Err(A::Error::custom("too many")),
        }
    }
}

impl Shape {
    /// The value of what is not there, if that may be.
    fn absent(&self) -> Option<Val> {
        matches!(self, Shape::Optional(_)).then_some(Val::Option(None))
    }
}

impl<'de> DeserializeSeed<'de> for &Shape {
    type Value = Val;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Val, D::Error> {
        // Numbers are decided on their text: every other way rounds some of them.
        let raw = |json: D| <&RawValue>::deserialize(json).map(RawValue::get);
        Ok(match self {
            Shape::String => Val::String(String::deserialize(json)?),
            Shape::Int => Val::S64(raw(json)?.parse().map_err(D::Error::custom)?),
            Shape::Float => Val::Float64(raw(json)?.parse().map_err(D::Error::custom)?),
            Shape::Bool => Val::Bool(bool::deserialize(json)?),
            Shape::Text => Val::String(raw(json)?.to_owned()),
            Shape::Enum(cases) => json.deserialize_str(Cases(cases))?,
            Shape::List(item) => json.deserialize_seq(Items(item))?,
            Shape::Map(value) => json.deserialize_map(Entries(value))?,
            Shape::Record(fields) => json.deserialize_map(Fields(fields))?,
            Shape::Optional(inner) => json.deserialize_option(Optional(inner))?,
        })
    }
}

struct Cases<'a>(&'a [Case]);

impl Visitor<'_> for Cases<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name of the enum")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Val, E> {
        let case = self.0.iter().find(|case| case.contract == name);
        Ok(Val::Enum(case.ok_or_else(|| E::custom("no name of the enum"))?.wit.clone()))
    }
}

struct Items<'a>(&'a Shape);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Val, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self.0)? {
            values.push(value);
        }
        Ok(Val::List(values))
    }
}

struct Entries<'a>(&'a Shape);

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Val, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key()? {
            entries.push(Val::Tuple(vec![Val::String(key), map.next_value_seed(self.0)?]));
        }
        Ok(Val::List(entries))
    }
}

struct Fields<'a>(&'a [Field]);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Val, A::Error> {
        let mut values: Vec<Option<Val>> = self.0.iter().map(|_| None).collect();
        let mut next = 0;
        while let Some(at) = map.next_key_seed(Position { fields: self.0, next })? {
            match (self.0.get(at), values.get_mut(at)) {
                (Some(field), Some(value)) => *value = Some(map.next_value_seed(&field.shape)?),
                // A field that the contract does not know is dropped.
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            }
            next = at + 1;
        }
        let named = self.0.iter().zip(values).map(|(field, value)| {
            let value = value.or_else(|| field.shape.absent());
            Ok((field.name.wit.clone(), value.ok_or_else(|| A::Error::custom("a field is missing"))?))
        });
        Ok(Val::Record(named.collect::<Result<_, _>>()?))
    }
}

/// Where a field is; beyond the end if it is none. Mostly it is the next one.
struct Position<'a> {
    fields: &'a [Field],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Position<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let is_it = |field: &Field| field.name.contract == name;
        if self.fields.get(self.next).is_some_and(is_it) {
            return Ok(self.next);
        }
        Ok(self.fields.iter().position(is_it).unwrap_or(self.fields.len()))
    }
}

struct Optional<'a>(&'a Shape);

impl<'de> Visitor<'de> for Optional<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_unit<E: Error>(self) -> Result<Val, E> {
        Ok(Val::Option(None))
    }

    fn visit_none<E: Error>(self) -> Result<Val, E> {
        Ok(Val::Option(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, json: D) -> Result<Val, D::Error> {
        Ok(Val::Option(Some(Box::new(self.0.deserialize(json)?))))
    }
}
