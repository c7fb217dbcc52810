//! Types of components as WIT shows them, cut where they get long.

use std::fmt::{self, Display, Write};

use wasmtime::component::Type;
use wasmtime::component::types::{ComponentFunc, ComponentItem};

/// Bytes of a type that a message shows. What a component says can be endless when it is written out.
const MOST: usize = 400;

/// The type of a function: `func(a: string) -> bool`.
pub(super) fn function(function: &ComponentFunc) -> String {
    cut(|out| out.function(function))
}

/// `list<string>`
pub(super) fn ty(ty: &Type) -> String {
    cut(|out| out.ty(ty))
}

/// What kind of thing it is, for those that have no type to show.
pub(super) fn item(item: &ComponentItem) -> String {
    match item {
        ComponentItem::ComponentFunc(found) => function(found),
        ComponentItem::ComponentInstance(_) => "an interface".to_owned(),
        ComponentItem::Component(_) => "a component".to_owned(),
        ComponentItem::Module(_) | ComponentItem::CoreFunc(_) => "a core module or function".to_owned(),
        ComponentItem::Type(_) | ComponentItem::Resource(_) => "a type".to_owned(),
    }
}

fn cut(write: impl FnOnce(&mut Shown) -> fmt::Result) -> String {
    let mut out = Shown(String::new());
    if write(&mut out).is_err() {
        out.0.push('…');
    }
    out.0
}

/// Fails when it is full, which ends the writing.
struct Shown(String);

impl Write for Shown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > MOST {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

impl Shown {
    fn function(&mut self, function: &ComponentFunc) -> fmt::Result {
        self.write_str(if function.async_() { "async func" } else { "func" })?;
        self.list("(", function.params(), ")", |out, (name, ty)| {
            write!(out, "{name}: ")?;
            out.ty(&ty)
        })?;
        match function.results().next() {
            None => Ok(()),
            Some(result) => {
                self.write_str(" -> ")?;
                self.ty(&result)
            }
        }
    }

    fn ty(&mut self, ty: &Type) -> fmt::Result {
        let word = match ty {
            Type::List(list) => return self.wrapped("list", [list.ty()]),
            Type::FixedLengthList(list) => {
                self.wrapped("list", [list.ty()])?;
                return write!(self, " of {}", list.len());
            }
            Type::Map(map) => return self.wrapped("map", [map.key(), map.value()]),
            Type::Tuple(tuple) => return self.wrapped("tuple", tuple.types()),
            Type::Option(option) => return self.wrapped("option", [option.ty()]),
            Type::Result(result) => {
                return self.list("result<", [result.ok(), result.err()], ">", |out, ty| match ty {
                    Some(ty) => out.ty(&ty),
                    None => out.write_str("_"),
                });
            }
            Type::Record(record) => {
                return self.list("record { ", record.fields(), " }", |out, field| {
                    write!(out, "{}: ", field.name)?;
                    out.ty(&field.ty)
                });
            }
            Type::Variant(variant) => {
                return self.list("variant { ", variant.cases(), " }", |out, case| {
                    out.write_str(case.name)?;
                    case.ty.as_ref().map_or(Ok(()), |ty| out.wrapped_in("(", [ty.clone()], ")"))
                });
            }
            Type::Enum(found) => return self.list("enum { ", found.names(), " }", Shown::word),
            Type::Flags(flags) => return self.list("flags { ", flags.names(), " }", Shown::word),
            Type::Bool => "bool",
            Type::S8 => "s8",
            Type::U8 => "u8",
            Type::S16 => "s16",
            Type::U16 => "u16",
            Type::S32 => "s32",
            Type::U32 => "u32",
            Type::S64 => "s64",
            Type::U64 => "u64",
            Type::Float32 => "f32",
            Type::Float64 => "f64",
            Type::Char => "char",
            Type::String => "string",
            Type::Own(_) | Type::Borrow(_) => "resource",
            Type::Future(_) => "future",
            Type::Stream(_) => "stream",
            Type::ErrorContext => "error-context",
        };
        self.write_str(word)
    }

    fn word(&mut self, word: &str) -> fmt::Result {
        self.write_str(word)
    }

    fn wrapped(&mut self, name: impl Display, types: impl IntoIterator<Item = Type>) -> fmt::Result {
        write!(self, "{name}")?;
        self.wrapped_in("<", types, ">")
    }

    fn wrapped_in(&mut self, open: &str, types: impl IntoIterator<Item = Type>, close: &str) -> fmt::Result {
        self.list(open, types, close, |out, ty| out.ty(&ty))
    }

    fn list<T>(
        &mut self,
        open: &str,
        items: impl IntoIterator<Item = T>,
        close: &str,
        mut write: impl FnMut(&mut Shown, T) -> fmt::Result,
    ) -> fmt::Result {
        self.write_str(open)?;
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.write_str(", ")?;
            }
            write(self, item)?;
        }
        self.write_str(close)
    }
}
