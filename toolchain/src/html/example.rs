//! Example values, made from types alone, and JSON as a page shows it.

use std::borrow::Cow;

use maud::{Markup, PreEscaped, Render, html};
use pintle_core::contract::{Definition, Interface, Method, Parameter, Struct, Type};
use pintle_core::json::Value;

use super::shown::{Shown, json_string};
use super::site::Site;
use crate::case;

/// Values of an example that shows more than it must.
const FULL: usize = 60;
/// Values of an example at all.
const MOST: usize = 200;
/// Structs within structs of an example.
const DEPTH: usize = 16;
/// Structs around which optional things are still shown, first choice first: the fullest example that is short.
const OPTIONAL_WITHIN: [usize; 4] = [DEPTH, 3, 1, 0];

/// A request of this method; `None` if there is none, or none short enough to be read.
pub(super) fn request<'a>(
    site: &Site<'a>,
    interface: &'a Interface,
    method: &'a Method,
) -> Option<Value<'a>> {
    let parameters = fullest(site, |maker| {
        // By position: nothing can stand behind what is left out.
        let shown = |it: &&Parameter| !it.optional || maker.may_hold(&it.ty, &interface.namespace);
        let count = method.parameters.iter().take_while(shown).count();
        let parameters = method.parameters.iter().take(count);
        parameters.map(|it| maker.value(&it.ty, &interface.namespace, &it.name)).collect()
    });
    let name = format!("{}.{}", interface.name, method.name);
    Some(envelope([("method", text(name)), ("params", Value::Array(parameters?))]))
}

/// The reply to it.
pub(super) fn reply<'a>(site: &Site<'a>, interface: &'a Interface, method: &'a Method) -> Option<Value<'a>> {
    let result = match &method.returns {
        Some(ty) => fullest(site, |maker| maker.value(ty, &interface.namespace, "text"))?,
        None => Value::Null,
    };
    Some(envelope([("result", result)]))
}

/// A value of this struct.
pub(super) fn record<'a>(site: &Site<'a>, item: &'a Struct) -> Option<Value<'a>> {
    fullest(site, |maker| maker.record(item))
}

/// The first that `make` comes to within the bounds.
fn fullest<'a, T>(site: &Site<'a>, make: impl Fn(&mut Maker<'_, 'a>) -> Option<T>) -> Option<T> {
    OPTIONAL_WITHIN.into_iter().find_map(|optional_within| {
        let left = if optional_within > 0 { FULL } else { MOST };
        make(&mut Maker { site, optional_within, left, around: Vec::new() })
    })
}

/// A reply with an error.
pub(super) fn failure<'a>(code: &'a str, message: &'a str) -> Value<'a> {
    let error = [("code", Value::Number(code)), ("message", Value::String(message.into()))];
    let error = error.into_iter().map(|(name, value)| (name.into(), value)).collect();
    envelope([("error", Value::Object(error))])
}

fn envelope<'a, const N: usize>(members: [(&'a str, Value<'a>); N]) -> Value<'a> {
    let first = [("jsonrpc", Value::String("2.0".into())), ("id", Value::Number("1"))];
    Value::Object(first.into_iter().chain(members).map(|(name, value)| (name.into(), value)).collect())
}

fn text<'a>(text: String) -> Value<'a> {
    Value::String(Cow::Owned(text))
}

struct Maker<'s, 'a> {
    site: &'s Site<'a>,
    /// With fewer structs around it, what need not be there is there.
    optional_within: usize,
    /// Values that may still be made.
    left: usize,
    /// Names of the structs around the value.
    around: Vec<&'a str>,
}

impl<'a> Maker<'_, 'a> {
    /// A value that a member called `name` could have.
    fn value(&mut self, ty: &'a Type, namespace: &str, name: &str) -> Option<Value<'a>> {
        self.left = self.left.checked_sub(1)?;
        Some(match ty {
            Type::String => text(words(name)),
            Type::Int => Value::Number("1"),
            Type::Float => Value::Number("1.5"),
            Type::Bool => Value::Bool(true),
            Type::Array(item) if self.may_hold(item, namespace) => {
                Value::Array(vec![self.value(item, namespace, name)?])
            }
            Type::Array(_) => Value::Array(Vec::new()),
            Type::Map(value) if self.may_hold(value, namespace) => {
                Value::Object(vec![("key".into(), self.value(value, namespace, name)?)])
            }
            Type::Map(_) => Value::Object(Vec::new()),
            Type::Named(reference) => match self.site.contract.definition(reference, namespace)? {
                Definition::Enum(item) => Value::String(item.values.first()?.name.as_str().into()),
                Definition::Struct(item) => self.record(item)?,
            },
        })
    }

    fn record(&mut self, item: &'a Struct) -> Option<Value<'a>> {
        let fields = self.site.fields(item);
        if self.around.len() == DEPTH || fields.len() > MOST {
            return None;
        }
        self.around.push(&item.name);
        let mut members = Vec::new();
        for &(owner, field) in fields {
            if !field.optional || self.may_hold(&field.ty, &owner.namespace) {
                let value = self.value(&field.ty, &owner.namespace, &field.name)?;
                members.push((field.name.as_str().into(), value));
            }
        }
        self.around.pop();
        Some(Value::Object(members))
    }

    /// Whether something that need not be there is there. Never what would go on for ever.
    fn may_hold(&self, ty: &Type, namespace: &str) -> bool {
        match ty.name().and_then(|name| self.site.contract.definition(name, namespace)) {
            Some(Definition::Struct(item)) => {
                self.around.len() < self.optional_within && !self.around.contains(&item.name.as_str())
            }
            Some(Definition::Enum(item)) => self.optional_within > 0 && !item.values.is_empty(),
            None => self.optional_within > 0,
        }
    }
}

/// `cartId` → `cart-id`
fn words(name: &str) -> String {
    Some(case::kebab(name)).filter(|words| !words.is_empty()).unwrap_or_else(|| "text".into())
}

/// A titled block of JSON.
pub(super) fn figure(title: &str, value: Option<&Value<'_>>) -> Markup {
    html! {
        figure {
            figcaption { (title) }
            @match value {
                Some(value) => pre tabindex="0" { code { (PreEscaped(json(value))) } },
                None => p.note { "There is none, or none short enough to be read." },
            }
        }
        "\n"
    }
}

/// JSON over lines, strings and other scalars marked.
fn json(value: &Value<'_>) -> String {
    let mut out = String::new();
    write_json(&mut out, value, 0);
    out
}

fn write_json(out: &mut String, value: &Value<'_>, indent: usize) {
    match value {
        Value::Null => scalar(out, "null"),
        Value::Bool(flag) => scalar(out, if *flag { "true" } else { "false" }),
        Value::Number(number) => scalar(out, number),
        Value::String(text) => {
            out.push_str("<i>");
            Shown(&json_string(text)).render_to(out);
            out.push_str("</i>");
        }
        Value::Array(items) => {
            let flat = items.iter().all(|item| !matches!(item, Value::Array(_) | Value::Object(_)));
            enclosed(out, ['[', ']'], items, if flat { None } else { Some(indent) }, |out, item, indent| {
                write_json(out, item, indent);
            });
        }
        Value::Object(members) => {
            enclosed(out, ['{', '}'], members, Some(indent), |out, (name, value), indent| {
                Shown(&json_string(name)).render_to(out);
                out.push_str(": ");
                write_json(out, value, indent);
            });
        }
    }
}

/// Items between brackets: each on a line of its own, or all on one line without an indent.
fn enclosed<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    indent: Option<usize>,
    write: impl Fn(&mut String, &T, usize),
) {
    let indent = indent.filter(|_| !items.is_empty());
    let line = |out: &mut String, indent: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", indent));
    };
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(if indent.is_some() { "," } else { ", " });
        }
        if let Some(indent) = indent {
            line(out, indent + 1);
        }
        write(out, item, indent.map_or(0, |indent| indent + 1));
    }
    if let Some(indent) = indent {
        line(out, indent);
    }
    out.push(close);
}

fn scalar(out: &mut String, text: &str) {
    out.push_str("<b>");
    out.push_str(text);
    out.push_str("</b>");
}
