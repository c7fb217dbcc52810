//! From JSON to values.
//!
//! The text has been held against the contract, so that nothing here has to explain itself: an error means that somebody
//! called past the core, or that the values are too large. They may be hundreds of times larger than their text, which is
//! all that a limit on bodies bounds: `{}` is a record with a name and a value for each of its fields.

use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use wasmtime::component::Val;

use super::{Case, Field, Shape};
use crate::plugin::{Failure, FailureKind};

/// The values of a list of parameters, of at most `room` bytes. Optional ones may be missing at its end.
pub(super) fn parameters(shapes: &[Shape], json: &str, room: usize) -> Result<Vec<Val>, Failure> {
    let left = Cell::new(Some(room));
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let values = deserializer.deserialize_seq(Parameters(shapes, Room(&left)));
    values.map_err(|error| match left.get() {
        Some(_) => {
            let reason = format!("the parameters do not have their types: {error}");
            Failure::new(FailureKind::Answer, reason)
        }
        None => {
            let reason = format!("the parameters take more than {room} bytes as values");
            let mut failure = Failure::new(FailureKind::TooLarge, reason);
            failure.error = failure.error.with_detail("The parameters are too large for this plugin.");
            failure
        }
    })
}

/// What is left for values; `None` once it was not enough.
#[derive(Clone, Copy)]
struct Room<'a>(&'a Cell<Option<usize>>);

impl Room<'_> {
    fn take<E: Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.0.get().and_then(|left| left.checked_sub(bytes));
        self.0.set(left);
        left.map(|_| ()).ok_or_else(|| E::custom("too large"))
    }
}

/// A value of this shape.
struct Typed<'a>(&'a Shape, Room<'a>);

struct Parameters<'a>(&'a [Shape], Room<'a>);

impl<'de> Visitor<'de> for Parameters<'_> {
    type Value = Vec<Val>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of parameters")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Val>, A::Error> {
        let mut values = Vec::with_capacity(self.0.len());
        for shape in self.0 {
            let value = list.next_element_seed(Typed(shape, self.1))?;
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

impl<'de> DeserializeSeed<'de> for Typed<'_> {
    type Value = Val;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Val, D::Error> {
        let Typed(shape, room) = self;
        room.take(size_of::<Val>())?;
        let text = |text: String| room.take(text.len()).map(|()| Val::String(text));
        // Numbers are decided on their text: every other way rounds some of them.
        let raw = |json: D| <&RawValue>::deserialize(json).map(RawValue::get);
        Ok(match shape {
            Shape::String => text(String::deserialize(json)?)?,
            Shape::Int => Val::S64(raw(json)?.parse().map_err(D::Error::custom)?),
            Shape::Float => Val::Float64(raw(json)?.parse().map_err(D::Error::custom)?),
            Shape::Bool => Val::Bool(bool::deserialize(json)?),
            Shape::Text => text(raw(json)?.to_owned())?,
            Shape::Enum(cases) => json.deserialize_str(Cases(cases))?,
            Shape::List(item) => json.deserialize_seq(Items(item, room))?,
            Shape::Map(value) => json.deserialize_map(Entries(value, room))?,
            Shape::Record(fields) => json.deserialize_map(Fields(fields, room))?,
            Shape::Optional(inner) => json.deserialize_option(Optional(inner, room))?,
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

struct Items<'a>(&'a Shape, Room<'a>);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Val, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Typed(self.0, self.1))? {
            values.push(value);
        }
        Ok(Val::List(values))
    }
}

struct Entries<'a>(&'a Shape, Room<'a>);

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Val, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            self.1.take(2 * size_of::<Val>() + key.len())?;
            entries.push(Val::Tuple(vec![Val::String(key), map.next_value_seed(Typed(self.0, self.1))?]));
        }
        Ok(Val::List(entries))
    }
}

struct Fields<'a>(&'a [Field], Room<'a>);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Val;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Val, A::Error> {
        // Each value has its field's name beside it.
        self.1.take(self.0.iter().map(|field| size_of::<(String, Val)>() + field.name.wit.len()).sum())?;
        let mut values: Vec<Option<Val>> = self.0.iter().map(|_| None).collect();
        let mut next = 0;
        while let Some(at) = map.next_key_seed(Position { fields: self.0, next })? {
            match (self.0.get(at), values.get_mut(at)) {
                (Some(field), Some(value)) => {
                    *value = Some(map.next_value_seed(Typed(&field.shape, self.1))?)
                }
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
        // A field that the contract does not know may be named by what is no text: half a surrogate pair.
        json.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Position<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<usize, E> {
        let is_it = |field: &Field| field.name.contract.as_bytes() == name;
        if self.fields.get(self.next).is_some_and(is_it) {
            return Ok(self.next);
        }
        Ok(self.fields.iter().position(is_it).unwrap_or(self.fields.len()))
    }
}

struct Optional<'a>(&'a Shape, Room<'a>);

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
        Ok(Val::Option(Some(Box::new(Typed(self.0, self.1).deserialize(json)?))))
    }
}
