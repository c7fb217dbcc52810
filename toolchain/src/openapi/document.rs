//! A JSON or YAML document as one flat table of values, each of which knows its place.

use std::rc::Rc;

use pintle_core::json;

use super::Diagnostic;

/// Bytes of a document.
pub const MAX_TEXT: usize = 16 << 20;

/// Values of a document, after the aliases of YAML are written out: a few of them can stand for billions.
pub const MAX_VALUES: usize = 1 << 20;

/// Lists and objects around a value. Bounds the stack of everything that walks a document.
pub const MAX_NESTING: usize = 100;

/// A value's number in its document; a container's is lower than those of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(u32);

/// Line and column, from 1, where the reader knows them.
pub(super) type Position = Option<(u32, u32)>;

#[derive(Debug)]
pub(super) struct Document {
    /// What diagnostics call the document.
    file: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone)]
struct Node {
    up: Id,
    step: Step,
    /// Of the key, if it has one.
    position: Position,
    value: Value,
}

/// The way from a container to one of its values.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Key(Rc<str>),
    At(u32),
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As written.
    Number(Rc<str>),
    Text(Rc<str>),
    List(Vec<Id>),
    Object(Members),
}

#[derive(Debug, Clone, Default)]
pub(super) struct Members {
    in_order: Vec<Id>,
    by_key: Vec<Id>,
}

impl Document {
    pub(super) const ROOT: Id = Id(0);

    /// Reads JSON.
    pub(super) fn from_json(file: &str, text: &str) -> Result<Document, Diagnostic> {
        let mut builder = Builder::new(file);
        let tree =
            json::Value::read(text).map_err(|why| builder.diagnostic(None, format!("not JSON: {why}")))?;
        fill(&mut builder, &tree)?;
        builder.finish()
    }

    pub(super) fn value(&self, id: Id) -> &Value {
        self.nodes.get(id.0 as usize).map_or(&Value::Null, |node| &node.value)
    }

    /// The member `key`, if this is an object that has it.
    pub(super) fn get(&self, id: Id, key: &str) -> Option<Id> {
        let Value::Object(members) = self.value(id) else { return None };
        let found = members.by_key.binary_search_by(|&member| self.key(member).cmp(key)).ok()?;
        members.by_key.get(found).copied()
    }

    /// The same along several steps.
    pub(super) fn descend(&self, id: Id, keys: &[&str]) -> Option<Id> {
        keys.iter().try_fold(id, |id, key| self.get(id, key))
    }

    /// The members of an object, in order; none of anything else.
    pub(super) fn members(&self, id: Id) -> impl Iterator<Item = (&str, Id)> {
        let members: &[Id] = match self.value(id) {
            Value::Object(members) => &members.in_order,
            _ => &[],
        };
        members.iter().map(|&member| (self.key(member), member))
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self, id: Id) -> &[Id] {
        if let Value::List(items) = self.value(id) { items } else { &[] }
    }

    pub(super) fn text(&self, id: Id) -> Option<&str> {
        if let Value::Text(text) = self.value(id) { Some(text) } else { None }
    }

    /// The text of the member `key`.
    pub(super) fn text_of(&self, id: Id, key: &str) -> Option<&str> {
        self.text(self.get(id, key)?)
    }

    /// Whether the member `key` is `true`.
    pub(super) fn is_true(&self, id: Id, key: &str) -> bool {
        self.get(id, key).is_some_and(|member| matches!(self.value(member), Value::Bool(true)))
    }

    /// The key under which the value stands; empty for items of lists.
    pub(super) fn key(&self, id: Id) -> &str {
        match self.nodes.get(id.0 as usize).map(|node| &node.step) {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// The value at a JSON Pointer that is the fragment of a reference.
    pub(super) fn at(&self, pointer: &str) -> Option<Id> {
        let mut id = Self::ROOT;
        for step in pointer.split('/').skip(1) {
            let step = decoded(step)?;
            id = match self.value(id) {
                Value::List(items) => *items.get(step.parse::<usize>().ok()?)?,
                _ => self.get(id, &step)?,
            };
        }
        Some(id)
    }

    /// The JSON Pointer to the value.
    pub(super) fn pointer(&self, id: Id) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        while at != Self::ROOT {
            let Some(node) = self.nodes.get(at.0 as usize) else { break };
            steps.push(&node.step);
            at = node.up;
        }
        let mut pointer = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Step::Key(key) => pointer.extend(["/", &key.replace('~', "~0").replace('/', "~1")]),
                Step::At(index) => pointer.extend(["/", &index.to_string()]),
            }
        }
        pointer
    }

    /// Something to say about the value.
    pub(super) fn diagnostic(&self, id: Id, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: self.file.clone(),
            position: self.nodes.get(id.0 as usize).and_then(|node| node.position),
            pointer: self.pointer(id),
            message: message.into(),
        }
    }
}

/// One step of a pointer in a URI fragment, without its escapes.
fn decoded(step: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(step.len());
    let mut rest = step.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            byte => byte,
        });
    }
    Some(String::from_utf8(bytes).ok()?.replace("~1", "/").replace("~0", "~"))
}

/// A key and where it stands.
type Key = (Rc<str>, Position);

/// Puts a document together from its parts as they come.
pub(super) struct Builder {
    document: Document,
    /// Containers that are not closed, each with the key of the next member.
    open: Vec<(Id, Option<Key>)>,
}

/// Too large, too deep, or not one value.
pub(super) type Built<T> = Result<T, Diagnostic>;

impl Builder {
    pub(super) fn new(file: &str) -> Self {
        Builder { document: Document { file: file.into(), nodes: Vec::new() }, open: Vec::new() }
    }

    pub(super) fn diagnostic(&self, position: Position, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: self.document.file.clone(),
            position,
            pointer: String::new(),
            message: message.into(),
        }
    }

    /// Whether the next scalar is a key.
    pub(super) fn wants_key(&self) -> bool {
        let Some((id, None)) = self.open.last() else { return false };
        matches!(self.document.value(*id), Value::Object(_))
    }

    /// The key of the member that comes next.
    pub(super) fn key(&mut self, key: Rc<str>, position: Position) {
        if let Some((_, next)) = self.open.last_mut() {
            *next = Some((key, position));
        }
    }

    /// A value that holds no others, or the start of one that does, which then wants [`Builder::close`].
    pub(super) fn value(&mut self, value: Value, mut position: Position) -> Built<Id> {
        let id = Id(self.document.nodes.len() as u32);
        if self.document.nodes.len() >= MAX_VALUES {
            return Err(self.diagnostic(position, format!("the document has more than {MAX_VALUES} values")));
        }
        let (up, step) = match self.open.last_mut() {
            None if self.document.nodes.is_empty() => (id, Step::At(0)),
            None => return Err(self.diagnostic(position, "there is more than one document in the file")),
            Some((up, key)) => match self.document.nodes.get_mut(up.0 as usize).map(|node| &mut node.value) {
                Some(Value::List(items)) => {
                    items.push(id);
                    (*up, Step::At(items.len() as u32 - 1))
                }
                Some(Value::Object(members)) => {
                    members.in_order.push(id);
                    let (key, place) = key.take().unwrap_or_default();
                    position = place;
                    (*up, Step::Key(key))
                }
                _ => (*up, Step::At(0)),
            },
        };
        let opens = matches!(value, Value::List(_) | Value::Object(_));
        self.document.nodes.push(Node { up, step, position, value });
        if opens {
            if self.open.len() >= MAX_NESTING {
                return Err(self
                    .document
                    .diagnostic(id, format!("more than {MAX_NESTING} values around another")));
            }
            self.open.push((id, None));
        }
        Ok(id)
    }

    /// Ends the innermost container.
    pub(super) fn close(&mut self) -> Built<()> {
        let Some((id, _)) = self.open.pop() else { return Ok(()) };
        let mut twice = None;
        if let Value::Object(members) = self.document.value(id) {
            let mut by_key = members.in_order.clone();
            by_key.sort_by(|&a, &b| self.document.key(a).cmp(self.document.key(b)));
            twice = by_key.windows(2).find_map(|pair| match *pair {
                [a, b] if self.document.key(a) == self.document.key(b) => Some(a.max(b)),
                _ => None,
            });
            if let Some(Node { value: Value::Object(members), .. }) =
                self.document.nodes.get_mut(id.0 as usize)
            {
                members.by_key = by_key;
            }
        }
        match twice {
            Some(id) => Err(self.document.diagnostic(id, "this key stands twice in its object")),
            None => Ok(()),
        }
    }

    /// The value `from`, which is complete, once more.
    pub(super) fn copy(&mut self, from: Id, position: Position) -> Built<()> {
        match self.document.value(from).clone() {
            Value::List(items) => {
                self.value(Value::List(Vec::new()), position)?;
                for item in items {
                    self.copy(item, position)?;
                }
                self.close()
            }
            Value::Object(members) => {
                self.value(Value::Object(Members::default()), position)?;
                for member in members.in_order {
                    if let Some(Node { step: Step::Key(key), .. }) =
                        self.document.nodes.get(member.0 as usize)
                    {
                        self.key(key.clone(), position);
                    }
                    self.copy(member, position)?;
                }
                self.close()
            }
            scalar => self.value(scalar, position).map(drop),
        }
    }

    pub(super) fn finish(self) -> Result<Document, Diagnostic> {
        match self.document.nodes.is_empty() {
            true => Err(self.diagnostic(None, "the document is empty")),
            false => Ok(self.document),
        }
    }
}

/// Recurses as deep as the core reads JSON.
fn fill(builder: &mut Builder, tree: &json::Value<'_>) -> Built<()> {
    match tree {
        json::Value::Null => builder.value(Value::Null, None).map(drop),
        json::Value::Bool(flag) => builder.value(Value::Bool(*flag), None).map(drop),
        json::Value::Number(text) => builder.value(Value::Number((*text).into()), None).map(drop),
        json::Value::String(text) => builder.value(Value::Text((&**text).into()), None).map(drop),
        json::Value::Array(items) => {
            builder.value(Value::List(Vec::new()), None)?;
            for item in items {
                fill(builder, item)?;
            }
            builder.close()
        }
        json::Value::Object(members) => {
            builder.value(Value::Object(Members::default()), None)?;
            for (key, member) in members {
                builder.key((&**key).into(), None);
                fill(builder, member)?;
            }
            builder.close()
        }
    }
}
