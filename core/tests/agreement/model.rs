//! Contracts as plain data: made at random, written as text, and what they say of a value, read off a tree.

use std::collections::HashSet;
use std::fmt::Write;

use crate::choices::Choices;
use crate::document::{self, Document, Text};

#[derive(Debug, Clone)]
pub(crate) enum Type {
    String,
    Int,
    Float,
    Bool,
    Array(Box<Type>),
    Map(Box<Type>),
    Struct(usize),
    Enum(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) optional: bool,
}

#[derive(Debug)]
struct Struct {
    parent: Option<usize>,
    fields: Vec<Field>,
}

/// Structs `S0`, `S1` … and enums `E0`, `E1` ….
#[derive(Debug)]
pub(crate) struct Model {
    structs: Vec<Struct>,
    enums: Vec<Vec<&'static str>>,
}

const NAMES: [&str; 14] = [
    "a",
    "b",
    "id",
    "Id",
    "name",
    "value",
    "price_minor",
    "description",
    "x1",
    "_",
    "sevenCh",
    "aNameOfMoreThanSixteenBytes",
    "aNameOfMoreThanSixteenBites",
    "billing_address_line",
];

impl Model {
    pub(crate) fn new(choices: &mut Choices<'_>) -> Model {
        const VALUES: [&str; 8] = ["ok", "Ok", "active", "activ", "PENDING", "a", "b", "zzzzzzzzzzzzzzzzzz"];
        let enums = (0..1 + choices.below(2))
            .map(|_| distinct(choices, &VALUES, 3).into_iter().chain(["last"]).collect())
            .collect();
        let mut model = Model { structs: Vec::new(), enums };
        let count = 1 + choices.below(4);
        for index in 0..count {
            let parent = (index > 0 && choices.one_in(3)).then(|| choices.below(index));
            let fields = distinct(choices, &NAMES, 6).into_iter().map(|name| {
                let optional = choices.one_in(2);
                // What a value must have leads to earlier structs alone: none contains itself.
                let known = if optional { count } else { index };
                Field { name: name.into(), ty: model.ty(choices, known, count, 2), optional }
            });
            let fields = fields.collect();
            model.structs.push(Struct { parent, fields });
        }
        model
    }

    /// A type that names one of the first `known` structs, or, inside of lists and maps, of the first `count`.
    fn ty(&self, choices: &mut Choices<'_>, known: usize, count: usize, depth: usize) -> Type {
        match choices.below(if depth == 0 { 8 } else { 12 }) {
            0 => Type::String,
            1 | 2 => Type::Int,
            3 => Type::Float,
            4 => Type::Bool,
            5 => Type::Enum(choices.below(self.enums.len())),
            6 | 7 if known > 0 => Type::Struct(choices.below(known)),
            6 | 7 => Type::String,
            8 | 9 => Type::Array(Box::new(self.ty(choices, count, count, depth - 1))),
            _ => Type::Map(Box::new(self.ty(choices, count, count, depth - 1))),
        }
    }

    pub(crate) fn any_type(&self, choices: &mut Choices<'_>) -> Type {
        self.ty(choices, self.structs.len(), self.structs.len(), 2)
    }

    /// The values of an enum, in their order.
    #[allow(dead_code, reason = "only with the feature `index` is there who asks")]
    pub(crate) fn values(&self, index: usize) -> &[&'static str] {
        &self.enums[index]
    }

    pub(crate) fn last_struct(&self) -> usize {
        self.structs.len() - 1
    }

    /// The contract's text, but for its namespace.
    pub(crate) fn pulse(&self) -> String {
        let mut out = String::new();
        for (index, values) in self.enums.iter().enumerate() {
            writeln!(out, "enum E{index} {{ {} }}", values.join(" ")).expect("text");
        }
        for (index, item) in self.structs.iter().enumerate() {
            let extends = item.parent.map_or(String::new(), |parent| format!(" extends S{parent}"));
            writeln!(out, "struct S{index}{extends} {{").expect("text");
            for field in &item.fields {
                writeln!(out, "  {}", field.pulse()).expect("text");
            }
            out.push_str("}\n");
        }
        out
    }

    /// The structs that extend `ancestor` and have its fields as they are there, itself included.
    pub(crate) fn heirs(&self, ancestor: usize) -> Vec<usize> {
        let fields = |index| -> Vec<String> { self.fields(index).into_iter().map(Field::pulse).collect() };
        let extends = |&index: &usize| {
            let parent = |index: &usize| self.structs[*index].parent;
            std::iter::successors(Some(index), parent).any(|index| index == ancestor)
        };
        let heirs = (0..self.structs.len()).filter(extends);
        heirs.filter(|&index| fields(ancestor).iter().all(|field| fields(index).contains(field))).collect()
    }

    /// The fields of a struct, the eldest ancestor's first; a redefined one keeps its place.
    pub(crate) fn fields(&self, index: usize) -> Vec<&Field> {
        let item = &self.structs[index];
        let mut fields = item.parent.map_or(Vec::new(), |parent| self.fields(parent));
        for field in &item.fields {
            match fields.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = field,
                None => fields.push(field),
            }
        }
        fields
    }

    /// A value of the type, which may nest `depth` levels beyond what it must.
    pub(crate) fn value(&self, ty: &Type, choices: &mut Choices<'_>, depth: usize) -> Document {
        let count = |choices: &mut Choices<'_>| if depth == 0 { 0 } else { choices.below(4) };
        match ty {
            Type::String => Document::string(&good(document::text(choices))),
            Type::Int => loop {
                let number = document::number(choices);
                if whole(&number).is_ok() {
                    return Document::Number(number);
                }
            },
            Type::Float => loop {
                let number = document::number(choices);
                if finite(&number) {
                    return Document::Number(number);
                }
            },
            Type::Bool => Document::Bool(choices.one_in(2)),
            Type::Enum(index) => Document::string(choices.pick(&self.enums[*index])),
            Type::Array(element) => Document::Array(
                (0..count(choices)).map(|_| self.value(element, choices, depth - 1)).collect(),
            ),
            Type::Map(value) => {
                let few = if choices.one_in(12) && depth > 0 { 20 } else { count(choices) };
                let members = (0..few).map(|index| {
                    let key = format!("{}{index}", good(document::text(choices)));
                    (Text::from(key.as_str()), self.value(value, choices, depth.saturating_sub(1)))
                });
                Document::Object(members.collect())
            }
            Type::Struct(index) => {
                let mut members = Vec::new();
                for field in self.fields(*index) {
                    let name = Text::from(field.name.as_str());
                    match choices.below(4) {
                        0 | 1 if field.optional => {}
                        2 if field.optional => members.push((name, Document::Null)),
                        _ if field.optional && depth == 0 => {}
                        _ => {
                            members.push((name, self.value(&field.ty, choices, depth.saturating_sub(1))));
                        }
                    }
                }
                if choices.one_in(3) {
                    members.reverse();
                }
                if choices.one_in(4) {
                    let at = choices.below(members.len() + 1);
                    let mut key = document::text(choices);
                    key.value.insert_str(0, "unknown ");
                    members.insert(at, (key, document::document(choices, 2)));
                }
                Document::Object(members)
            }
        }
    }

    /// The value as it is handed on: integers are digits.
    pub(crate) fn canonical(&self, ty: &Type, value: &Document) -> Document {
        match (ty, value) {
            (Type::Int, Document::Number(text)) => Document::Number(whole(text).expect("an int").to_string()),
            (Type::Array(element), Document::Array(elements)) => {
                Document::Array(elements.iter().map(|value| self.canonical(element, value)).collect())
            }
            (Type::Map(inner), Document::Object(members)) => Document::Object(
                members.iter().map(|(key, value)| (key.clone(), self.canonical(inner, value))).collect(),
            ),
            (Type::Struct(index), Document::Object(members)) => {
                let fields = self.fields(*index);
                let members = members.iter().map(|(key, value)| {
                    let field = fields.iter().find(|field| key.paired && field.name == key.value);
                    (key.clone(), field.map_or(value.clone(), |field| self.canonical(&field.ty, value)))
                });
                Document::Object(members.collect())
            }
            _ => value.clone(),
        }
    }
}

impl Field {
    pub(crate) fn pulse(&self) -> String {
        format!("{} {}{}", self.name, self.ty.pulse(), if self.optional { " [optional]" } else { "" })
    }
}

impl Type {
    pub(crate) fn pulse(&self) -> String {
        match self {
            Type::String => "string".into(),
            Type::Int => "int".into(),
            Type::Float => "float".into(),
            Type::Bool => "bool".into(),
            Type::Array(element) => format!("[]{}", element.pulse()),
            Type::Map(value) => format!("map[string]{}", value.pulse()),
            Type::Struct(index) => format!("S{index}"),
            Type::Enum(index) => format!("E{index}"),
        }
    }
}

/// Up to `most` of `from`, none twice.
pub(crate) fn distinct(choices: &mut Choices<'_>, from: &[&'static str], most: usize) -> Vec<&'static str> {
    let mut left = from.to_vec();
    (0..choices.below(most + 1)).map(|_| left.swap_remove(choices.below(left.len()))).collect()
}

fn good(text: Text) -> String {
    if text.paired { text.value } else { String::new() }
}

pub(crate) fn finite(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The 64-bit integer that a number's text is, found by moving the point through the digits. An error says
/// whether it has a fraction.
pub(crate) fn whole(number: &str) -> Result<i64, bool> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !format!("{before}{behind}").contains(|digit| digit != '0') {
        return Ok(0);
    }
    // No text here has so many digits that a larger exponent would matter.
    let exponent = exponent.parse::<i64>().unwrap_or(if exponent.starts_with('-') { -5000 } else { 5000 });
    let zeros = "0".repeat(exponent.unsigned_abs().min(5000) as usize);
    let (before, behind) = (format!("{zeros}{before}"), format!("{behind}{zeros}"));
    let point = match exponent.clamp(-5000, 5000) {
        moved @ 0.. => before.len() + moved as usize,
        moved => before.len() - moved.unsigned_abs() as usize,
    };
    let digits = before + &behind;
    let (before, behind) = digits.split_at(point);
    if behind.contains(|digit| digit != '0') {
        return Err(true);
    }
    let digits = before.trim_start_matches('0');
    if digits.len() > 25 {
        return Err(false);
    }
    let value: i128 = format!("{sign}{digits}").parse().expect("digits");
    i64::try_from(value).map_err(|_| false)
}

/// Everything that is wrong with a value, as paths.
pub(crate) struct Walk<'a> {
    pub(crate) model: &'a Model,
    pub(crate) strict: bool,
    pub(crate) paths: Vec<String>,
}

impl Walk<'_> {
    pub(crate) fn value(&mut self, ty: &Type, value: &Document, path: &str, depth: usize) {
        let good = match (ty, value) {
            (Type::String, Document::String(text)) => text.paired,
            (Type::Int, Document::Number(text)) => whole(text).is_ok(),
            (Type::Float, Document::Number(text)) => finite(text),
            (Type::Bool, Document::Bool(_)) => true,
            (Type::Enum(index), Document::String(text)) => {
                text.paired && self.model.enums[*index].contains(&text.value.as_str())
            }
            (Type::Array(_), Document::Array(_)) => depth > 0,
            (Type::Map(_) | Type::Struct(_), Document::Object(_)) => depth > 0,
            _ => false,
        };
        if !good {
            return self.paths.push(path.into());
        }
        match (ty, value) {
            (Type::Array(element), Document::Array(elements)) => {
                for (index, value) in elements.iter().enumerate() {
                    self.value(element, value, &format!("{path}[{index}]"), depth - 1);
                }
            }
            (Type::Map(inner), Document::Object(members)) => {
                let mut seen = HashSet::new();
                for (key, value) in members {
                    let path = format!("{path}[{}]", quoted(&key.value));
                    if !key.paired || !seen.insert(&key.value) {
                        self.paths.push(path.clone());
                    }
                    self.value(inner, value, &path, depth - 1);
                }
            }
            (Type::Struct(index), Document::Object(members)) => self.members(*index, members, path, depth),
            _ => {}
        }
    }

    fn members(&mut self, index: usize, members: &[(Text, Document)], path: &str, depth: usize) {
        let fields = self.model.fields(index);
        let mut seen = HashSet::new();
        for (key, value) in members {
            let path = format!("{path}{}", segment(&key.value));
            match fields.iter().find(|field| key.paired && field.name == key.value) {
                Some(field) => {
                    if !seen.insert(&field.name) {
                        self.paths.push(path.clone());
                    }
                    if !field.optional || *value != Document::Null {
                        self.value(&field.ty, value, &path, depth - 1);
                    }
                }
                None => {
                    let resembles = fields.iter().any(|field| field.name.eq_ignore_ascii_case(&key.value));
                    if self.strict || resembles || value.depth() > depth - 1 {
                        self.paths.push(path);
                    }
                }
            }
        }
        for field in fields.iter().filter(|field| !field.optional && !seen.contains(&field.name)) {
            self.paths.push(format!("{path}.{}", field.name));
        }
    }
}

fn segment(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if first && name.len() <= 64 && chars.all(|char| char.is_ascii_alphanumeric() || char == '_') {
        format!(".{name}")
    } else {
        format!("[{}]", quoted(name))
    }
}

/// A JSON string of at most 64 characters and a sign that it was cut.
fn quoted(text: &str) -> String {
    let mut cut: String = text.chars().take(64).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    let mut out = String::from("\"");
    for char in cut.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ..' ' => write!(out, "\\u{:04x}", char as u32).expect("text"),
            _ => out.push(char),
        }
    }
    out + "\""
}
