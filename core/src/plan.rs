//! The contract compiled for validation: flat tables, every name resolved to an index.

use crate::contract::{Contract, Definition, Struct, Type};
use crate::names::{Names, order};

/// Most fields one struct can have, inherited ones included: one bit each is kept while an object is read.
pub(crate) const MAX_FIELDS: usize = WIDE * 64;
/// Words of that set for a struct of more than 64 fields.
pub(crate) const WIDE: usize = 64;

/// A type, ready to be checked; the number is an index into the table of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Int,
    Float,
    Bool,
    /// Elements: `Plan::elements`.
    Array(u32),
    /// Values: `Plan::elements`.
    Map(u32),
    Struct(u32),
    Enum(u32),
}

/// A type's number in its engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeId(pub u32);

const BUILT_IN: [(&str, Kind); 4] =
    [("string", Kind::String), ("int", Kind::Int), ("float", Kind::Float), ("bool", Kind::Bool)];

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) elements: Vec<Kind>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) enums: Vec<Values>,
    /// Named types by qualified name (`ns.Name`) and by the name the contract has for them.
    names: Names<'static>,
    /// What they stand for, by their numbers.
    kinds: Vec<Kind>,
    /// Whether an `int` must be one that a double holds exactly.
    pub(crate) safe_ints: bool,
}

/// A struct with its inherited fields, parents' first.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) fields: Vec<Member>,
    /// One bit for each field that is not optional.
    pub(crate) required: Vec<u64>,
    /// Indices of `fields`, sorted by lower-case name, then by name.
    pub(crate) order: Vec<u16>,
}

/// A field, or a parameter.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) token: Token,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
}

/// An enum's values, sorted.
#[derive(Debug)]
pub(crate) struct Values {
    pub(crate) sorted: Vec<Token>,
    /// Where each of them stands in the contract.
    pub(crate) places: Vec<u32>,
    /// `one of a, b, …` in source order, cut.
    pub(crate) expected: String,
}

/// A piece of JSON as most writers write it, `"name":` or `"value"`, laid out so that its first 16
/// bytes are compared at once.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    text: String,
    head: u128,
    /// The bits of `head` that count: all but those behind a short text.
    mask: u128,
}

impl Token {
    /// `"name":`
    fn key(name: &str) -> Self {
        Token::new(format!("\"{name}\":"))
    }

    /// `"value"`
    fn value(name: &str) -> Self {
        Token::new(format!("\"{name}\""))
    }

    fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let mut head = [0; 16];
        for (to, byte) in head.iter_mut().zip(bytes) {
            *to = *byte;
        }
        let mask = if bytes.len() < 16 { (1 << (8 * bytes.len())) - 1 } else { u128::MAX };
        Token { head: u128::from_le_bytes(head), mask, text }
    }

    /// What stands between the quotes.
    pub(crate) fn name(&self) -> &str {
        let inside = self.text.strip_suffix(':').unwrap_or(&self.text);
        &inside[1..inside.len() - 1]
    }

    /// Where the token ends if it stands at `at`.
    #[inline(always)]
    pub(crate) fn matches(&self, text: &[u8], at: usize) -> Option<usize> {
        let len = self.text.len();
        let end = at + len;
        let Some(head) = text.get(at..).and_then(|rest| rest.first_chunk::<16>()) else {
            return self.matches_at_end(text, at);
        };
        if (u128::from_le_bytes(*head) ^ self.head) & self.mask != 0
            || (len > 16 && !self.rest_matches(text, at))
        {
            return None;
        }
        Some(end)
    }

    /// The same where fewer than 16 bytes are left.
    #[inline(never)]
    fn matches_at_end(&self, text: &[u8], at: usize) -> Option<usize> {
        text.get(at..)?.starts_with(self.text.as_bytes()).then_some(at + self.text.len())
    }

    /// The same for what follows the first 16 bytes.
    #[inline(never)]
    fn rest_matches(&self, text: &[u8], at: usize) -> bool {
        let rest = text.get(at + 16..at + self.text.len());
        rest.is_some() && rest == self.text.as_bytes().get(16..)
    }
}

impl Plan {
    /// Compiles `contract`. The error names a struct of more fields than can be checked.
    pub(crate) fn new(contract: &Contract) -> Result<Plan, String> {
        let mut plan = Plan {
            elements: Vec::new(),
            shapes: Vec::new(),
            enums: Vec::new(),
            names: Names::default(),
            kinds: Vec::new(),
            safe_ints: false,
        };
        for (index, item) in (0u32..).zip(contract.structs()) {
            plan.name(&item.name, &item.namespace, Kind::Struct(index));
        }
        for (index, item) in (0u32..).zip(contract.enums()) {
            plan.name(&item.name, &item.namespace, Kind::Enum(index));
            let names: Vec<&str> = item.values.iter().map(|value| value.name.as_str()).collect();
            let places = order(names.len(), &|a, b| names[a].cmp(names[b]));
            let sorted = places.iter().map(|&place| Token::value(names[place])).collect();
            let places = places.into_iter().map(|place| place as u32).collect();
            plan.enums.push(Values { sorted, places, expected: one_of(&names) });
        }
        for item in contract.structs() {
            let mut fields: Vec<Member> = Vec::new();
            for ancestor in lineage(contract, item) {
                for field in &ancestor.fields {
                    let kind = plan.kind(contract, &field.ty, &ancestor.namespace);
                    let member = Member { token: Token::key(&field.name), kind, optional: field.optional };
                    match fields.iter_mut().find(|known| known.token.name() == field.name) {
                        Some(redefined) => *redefined = member,
                        None => fields.push(member),
                    }
                }
            }
            let name = qualified(&item.name, &item.namespace);
            if fields.len() > MAX_FIELDS {
                return Err(format!("struct {name} has more than {MAX_FIELDS} fields"));
            }
            let lower: Vec<String> =
                fields.iter().map(|field| field.token.name().to_ascii_lowercase()).collect();
            let key = |index: usize| (lower[index].as_str(), fields[index].token.name());
            let order = order(fields.len(), &|a, b| key(a).cmp(&key(b)));
            let order = order.into_iter().map(|index| index as u16).collect();
            let mut required = vec![0; fields.len().div_ceil(64)];
            for (index, _) in fields.iter().enumerate().filter(|(_, field)| !field.optional) {
                required[index / 64] |= 1 << (index % 64);
            }
            plan.shapes.push(Shape { name, fields, required, order });
        }
        Ok(plan)
    }

    fn name(&mut self, name: &str, namespace: &str, kind: Kind) {
        for name in [qualified(name, namespace), name.into()] {
            let (number, new) = self.names.add(name.into());
            if new {
                self.kinds.push(kind);
            } else {
                self.kinds[number] = kind;
            }
        }
    }

    /// The named type that is called `name`.
    pub(crate) fn named(&self, name: &str) -> Option<Kind> {
        self.names.find(name).map(|number| self.kinds[number])
    }

    /// The type that is called `name`, of the contract or built in.
    pub(crate) fn type_id(&self, name: &str) -> Option<TypeId> {
        let named = || Some(self.names.find(name)? + BUILT_IN.len());
        let number = BUILT_IN.iter().position(|(known, _)| *known == name).or_else(named)?;
        Some(TypeId(number as u32))
    }

    pub(crate) fn kind_of(&self, id: TypeId) -> Option<Kind> {
        let number = id.0 as usize;
        let built_in = BUILT_IN.get(number).map(|(_, kind)| *kind);
        built_in.or_else(|| self.kinds.get(number - BUILT_IN.len()).copied())
    }

    /// A sum of what an index depends on: the structs with their fields and the enums with their values, all in order.
    /// FNV-1a; it tells mistakes, not attacks.
    pub(crate) fn layout(&self) -> u32 {
        let mut sum = 0x811c_9dc5_u32;
        let mut add = |bytes: &[u8]| {
            for byte in bytes {
                sum = (sum ^ *byte as u32).wrapping_mul(0x0100_0193);
            }
        };
        let kind = |kind: Kind| -> [u8; 5] {
            let (tag, index) = match kind {
                Kind::String => (0, 0),
                Kind::Int => (1, 0),
                Kind::Float => (2, 0),
                Kind::Bool => (3, 0),
                Kind::Array(index) => (4, index),
                Kind::Map(index) => (5, index),
                Kind::Struct(index) => (6, index),
                Kind::Enum(index) => (7, index),
            };
            let [a, b, c, d] = index.to_le_bytes();
            [tag, a, b, c, d]
        };
        for shape in &self.shapes {
            add(shape.name.as_bytes());
            for field in &shape.fields {
                add(field.token.text.as_bytes());
                add(&kind(field.kind));
                add(&[u8::from(field.optional)]);
            }
        }
        for values in &self.enums {
            for (value, place) in values.sorted.iter().zip(&values.places) {
                add(value.text.as_bytes());
                add(&place.to_le_bytes());
            }
        }
        for element in &self.elements {
            add(&kind(*element));
        }
        sum
    }

    /// `ty` as it stands in an item of `namespace`.
    pub(crate) fn kind(&mut self, contract: &Contract, ty: &Type, namespace: &str) -> Kind {
        match ty {
            Type::String => Kind::String,
            Type::Int => Kind::Int,
            Type::Float => Kind::Float,
            Type::Bool => Kind::Bool,
            Type::Array(element) => Kind::Array(self.element(contract, element, namespace)),
            Type::Map(value) => Kind::Map(self.element(contract, value, namespace)),
            Type::Named(name) => {
                let known = match contract.definition(name, namespace) {
                    Some(Definition::Struct(found)) => self.named(&found.name),
                    Some(Definition::Enum(found)) => self.named(&found.name),
                    None => None,
                };
                // A checked contract has no other name; an empty enum accepts nothing.
                known.unwrap_or_else(|| {
                    self.enums.push(Values {
                        sorted: Vec::new(),
                        places: Vec::new(),
                        expected: name.clone(),
                    });
                    Kind::Enum(self.enums.len() as u32 - 1)
                })
            }
        }
    }

    fn element(&mut self, contract: &Contract, ty: &Type, namespace: &str) -> u32 {
        let kind = self.kind(contract, ty, namespace);
        if let Some(known) = self.elements.iter().position(|&element| element == kind) {
            return known as u32;
        }
        self.elements.push(kind);
        self.elements.len() as u32 - 1
    }

    pub(crate) fn member(
        &mut self,
        contract: &Contract,
        name: &str,
        ty: &Type,
        optional: bool,
        namespace: &str,
    ) -> Member {
        Member { token: Token::key(name), kind: self.kind(contract, ty, namespace), optional }
    }

    pub(crate) fn element_kind(&self, index: u32) -> Kind {
        self.elements[index as usize]
    }

    /// How problems name the type.
    pub(crate) fn expected(&self, kind: Kind) -> String {
        let mut prefix = String::new();
        let mut kind = kind;
        loop {
            let name = match kind {
                Kind::String => "string",
                Kind::Int => "int",
                Kind::Float => "float",
                Kind::Bool => "bool",
                Kind::Struct(index) => &self.shapes[index as usize].name,
                Kind::Enum(index) => &self.enums[index as usize].expected,
                Kind::Array(element) => {
                    prefix.push_str("[]");
                    kind = self.element_kind(element);
                    continue;
                }
                Kind::Map(value) => {
                    prefix.push_str("map[string]");
                    kind = self.element_kind(value);
                    continue;
                }
            };
            prefix.push_str(name);
            return prefix;
        }
    }
}

/// The name with its namespace, as problems write it.
pub(crate) fn qualified(name: &str, namespace: &str) -> String {
    if namespace.is_empty() || name.contains('.') { name.into() } else { format!("{namespace}.{name}") }
}

/// `one of a, b, …`, cut where a person stops reading.
pub(crate) fn one_of(names: &[&str]) -> String {
    let mut text = String::from("one of ");
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        if text.len() + name.len() > 160 {
            text.push('…');
            break;
        }
        text.push_str(name);
    }
    text
}

/// The ancestors of `item`, the eldest first, then itself.
fn lineage<'a>(contract: &'a Contract, item: &'a Struct) -> Vec<&'a Struct> {
    let mut line = vec![item];
    let mut next = contract.parent(item);
    while let Some(parent) = next {
        line.push(parent);
        next = contract.parent(parent);
    }
    line.reverse();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_matches_itself_and_nothing_near_it() {
        for name in ["a", "abc", "abcd", "abcde", "abcdefgh", "abcdefghijklm", "abcdefghijklmnopqrstuvwxyz"] {
            let token = Token::key(name);
            assert_eq!(token.name(), name);
            let text = format!("\"{name}\":");
            for tail in ["", "1", "12345678"] {
                let whole = format!("x{text}{tail}");
                assert_eq!(token.matches(whole.as_bytes(), 1), Some(1 + text.len()), "{whole}");
                for at in 1..=text.len() {
                    let mut other = whole.clone().into_bytes();
                    other[at] ^= 1;
                    assert_eq!(token.matches(&other, 1), None);
                    assert_eq!(token.matches(&whole.as_bytes()[..at], 1), None);
                }
            }
        }
    }
}
