//! An OpenAPI document to a contract.

mod name;
mod operation;
mod schema;
mod shape;
mod structure;

use std::collections::{HashMap, HashSet, VecDeque};

use crate::case::Scope;

use super::document::{Document, Id, MAX_TEXT, Value};
use super::draft::{Draft, Error, Name, Type};
use super::{Diagnostic, Imported};
use name::{Noun, comment, identifier, is_identifier};
use schema::Read;
use shape::Shape;

/// Warnings of one document; further ones are counted, not collected.
pub const MAX_WARNINGS: usize = 1000;

/// Schemas and members that are copied because a struct can extend one other alone. A short document can ask for very
/// many copies.
pub const MAX_COPIED: usize = 1 << 16;

/// Parameters, members of bodies and responses of all operations together. A short document can refer to the same long
/// list from each of them.
pub const MAX_PARAMETERS: usize = 1 << 18;

/// Errors of one document.
const MAX_PROBLEMS: usize = 1000;

/// Reads an OpenAPI 3.0 or 3.1 document, JSON if `file` ends in `.json` or the text begins with `{`, else YAML.
///
/// # Errors
/// Everything that keeps the document from being read: it is too large ([`MAX_TEXT`], [`super::MAX_VALUES`],
/// [`super::MAX_NESTING`], [`MAX_COPIED`], [`MAX_PARAMETERS`]), it is of another kind or version, a reference leads
/// nowhere or out of it, or what it comes to breaks a rule of the language that no choice here could keep.
pub fn read(file: &str, text: &str) -> Result<Imported, Vec<Diagnostic>> {
    let refused = |message: String| {
        vec![Diagnostic { file: file.into(), position: None, pointer: String::new(), message }]
    };
    if text.len() > MAX_TEXT {
        return Err(refused(format!("the document has more than {} MiB", MAX_TEXT >> 20)));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_yaml = file.ends_with(".yaml") || file.ends_with(".yml");
    let is_json = file.ends_with(".json") || (!is_yaml && text.trim_start().starts_with('{'));
    let document = match is_json {
        true => Document::from_json(file, text),
        false => Document::from_yaml(file, text),
    };
    let document = document.map_err(|why| vec![why])?;
    Reader::new(&document).read()
}

struct Reader<'a> {
    document: &'a Document,
    draft: Draft,
    warnings: Vec<(Id, String)>,
    more_warnings: usize,
    problems: Vec<(Id, String)>,
    /// The document was written from a contract: names with a dot are of imported namespaces.
    ours: bool,
    /// Names of types, interfaces and errors, by namespace.
    names: HashMap<String, Scope>,
    /// What schemas came to that have a name, or that a reference leads to; `None` while they are read.
    known: HashMap<Id, Option<Read>>,
    /// By schema, and whether it stands where a name is given to it.
    shapes: HashMap<(Id, bool), Shape>,
    /// Schemas whose unknown members were reported.
    reported: HashSet<Id>,
    /// Structs whose fields are to be read.
    open: VecDeque<usize>,
    copied: usize,
    /// Of [`MAX_PARAMETERS`].
    spent: usize,
    /// Calls of [`Reader::ty`] around the current one.
    nesting: usize,
    /// Errors by schema.
    errors: HashMap<Id, usize>,
}

impl<'a> Reader<'a> {
    fn new(document: &'a Document) -> Self {
        let ours = document.get(Document::ROOT, "x-pulse-namespace").is_some();
        Reader {
            document,
            draft: Draft::default(),
            warnings: Vec::new(),
            more_warnings: 0,
            problems: Vec::new(),
            ours,
            names: HashMap::new(),
            known: HashMap::new(),
            shapes: HashMap::new(),
            reported: HashSet::new(),
            open: VecDeque::new(),
            copied: 0,
            spent: 0,
            nesting: 0,
            errors: HashMap::new(),
        }
    }

    fn read(mut self) -> Result<Imported, Vec<Diagnostic>> {
        self.version()?;
        self.draft.namespace = self.namespace();
        self.components();
        self.operations();
        self.structures();
        self.beyond();
        for (place, message) in self.draft.cut_cycles() {
            self.warn(place, message);
        }
        if !self.problems.is_empty() {
            return Err(self.in_order(self.problems.clone()));
        }
        let contract = self.draft.finish(self.document)?;
        let mut warnings = self.in_order(self.warnings.clone());
        if self.more_warnings > 0 {
            let message = format!("{} more warnings", self.more_warnings);
            warnings.push(self.document.diagnostic(Document::ROOT, message));
        }
        Ok(Imported { contract, warnings })
    }

    /// What was said, by its place in the document.
    fn in_order(&self, mut said: Vec<(Id, String)>) -> Vec<Diagnostic> {
        said.sort_by_key(|&(place, _)| place);
        said.into_iter().map(|(place, message)| self.document.diagnostic(place, message)).collect()
    }

    fn warn(&mut self, place: Id, message: impl Into<String>) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push((place, message.into()));
        } else {
            self.more_warnings += 1;
        }
    }

    fn fail(&mut self, place: Id, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push((place, message.into()));
        }
    }

    fn version(&self) -> Result<(), Vec<Diagnostic>> {
        let document = self.document;
        let refused = |place, message: &str| Err(vec![document.diagnostic(place, message)]);
        let root = Document::ROOT;
        if document.get(root, "swagger").is_some() {
            return refused(root, "Swagger 2.0 is not read: convert it to OpenAPI 3 first");
        }
        let Some(place) = document.get(root, "openapi") else {
            return refused(root, "this is no OpenAPI document: the member `openapi` is missing");
        };
        // In YAML a version without quotes can be a number.
        let version = match document.value(place) {
            Value::Text(version) | Value::Number(version) => version,
            _ => "",
        };
        let known =
            |of: &str| version == of || version.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'));
        match known("3.0") || known("3.1") {
            true => Ok(()),
            false => refused(place, "only OpenAPI 3.0 and 3.1 are read"),
        }
    }

    fn namespace(&self) -> String {
        let document = self.document;
        let own = document.text_of(Document::ROOT, "x-pulse-namespace");
        if let Some(own) = own.filter(|own| own.is_empty() || is_identifier(own)) {
            return own.to_owned();
        }
        let title =
            document.descend(Document::ROOT, &["info", "title"]).and_then(|title| document.text(title));
        let name = identifier(title.unwrap_or("service"), Noun::Namespace);
        if name == "rpc" { "rpc_".into() } else { name }
    }

    /// Every schema that has a name of its own, used or not.
    fn components(&mut self) {
        let document = self.document;
        let Some(schemas) = document.descend(Document::ROOT, &["components", "schemas"]) else { return };
        let mut named = Vec::new();
        let mut others = Vec::new();
        for (key, schema) in document.members(schemas) {
            if self.ours && document.get(schema, "x-pulse-error").is_some() {
                self.error(key, schema);
            } else if matches!(self.shape(schema, true), Shape::Struct | Shape::Enum) {
                named.push((key, schema));
            } else {
                others.push(schema);
            }
        }
        // Names that are good as they stand are given first, so that no other takes them.
        let mut names = HashMap::new();
        for good in [true, false] {
            for &(key, schema) in &named {
                let mut name = self.own_name(key);
                if self.ours && document.text_of(schema, "x-pulse-namespace") == Some("") {
                    name.namespace.clear();
                }
                if is_identifier(&name.bare) == good {
                    names.insert(schema, self.give(name, Noun::Type, schema));
                }
            }
        }
        for (_, schema) in named {
            if let Some(name) = names.remove(&schema) {
                self.define(schema, name);
            }
        }
        for schema in others {
            self.target(schema);
        }
    }

    /// What a key stands for: in a document of ours it can carry a namespace.
    fn own_name(&self, key: &str) -> Name {
        if let Some((namespace, bare)) = key.rsplit_once('.').filter(|_| self.ours)
            && is_identifier(namespace)
        {
            return Name { namespace: namespace.into(), bare: bare.into() };
        }
        Name { namespace: self.draft.namespace.clone(), bare: key.into() }
    }

    /// A name like `wanted` that nothing else in its namespace has.
    fn give(&mut self, wanted: Name, noun: Noun, place: Id) -> Name {
        let bare = self.scope(&wanted.namespace).give(&identifier(&wanted.bare, noun));
        if bare != wanted.bare {
            self.warn(place, format!("the {} is named `{bare}`", noun.word()));
        }
        Name { namespace: wanted.namespace, bare }
    }

    /// The names that are taken in a namespace.
    fn scope(&mut self, namespace: &str) -> &mut Scope {
        let scope = || Scope::without(["string", "int", "float", "bool", "map"]);
        self.names.entry(namespace.to_owned()).or_insert_with(scope)
    }

    fn error(&mut self, key: &str, schema: Id) {
        let document = self.document;
        let code = document.descend(schema, &["x-pulse-error", "code"]);
        let code = code.and_then(|code| match document.value(code) {
            Value::Number(code) => code.parse().ok(),
            _ => None,
        });
        let message = document.descend(schema, &["x-pulse-error", "message"]);
        let (Some(code), Some(message)) = (code, message.and_then(|message| document.text(message))) else {
            self.fail(schema, "`x-pulse-error` has a `code` of 32 bits and a `message`");
            return;
        };
        let name = self.own_name(key);
        let name = self.give(name, Noun::Type, schema);
        self.errors.insert(schema, self.draft.errors.len());
        self.draft.errors.push(Error {
            place: schema,
            name,
            code,
            message: message.into(),
            comment: self.comment(schema),
        });
    }

    /// The description of an object as a comment.
    fn comment(&self, id: Id) -> String {
        self.document.text_of(id, "description").map(comment).unwrap_or_default()
    }

    /// Follows a `$ref` of an object that is no schema, so that it can be read where it stands.
    fn resolved(&mut self, id: Id) -> Option<Id> {
        let mut id = id;
        for _ in 0..8 {
            let Some(reference) = self.document.get(id, "$ref") else { return Some(id) };
            id = self.referent(reference)?;
        }
        self.fail(id, "these references lead in a circle");
        None
    }

    /// What a reference leads to.
    fn referent(&mut self, reference: Id) -> Option<Id> {
        let Some(text) = self.document.text(reference) else {
            self.fail(reference, "a reference is a text");
            return None;
        };
        let Some(pointer) = text.strip_prefix('#') else {
            let message = "this reference leaves the document: bundle all of them into one first";
            self.fail(reference, message);
            return None;
        };
        let target = self.document.at(pointer).filter(|_| pointer.is_empty() || pointer.starts_with('/'));
        if target.is_none() {
            self.fail(reference, "there is nothing where this reference leads");
        }
        target
    }

    /// Whether that many more of [`MAX_PARAMETERS`] may be read.
    fn spend(&mut self, place: Id, count: usize) -> bool {
        let before = self.spent;
        self.spent = before.saturating_add(count);
        if before <= MAX_PARAMETERS && self.spent > MAX_PARAMETERS {
            let message = format!("the operations have more than {MAX_PARAMETERS} parameters and responses");
            self.fail(place, message);
        }
        self.spent <= MAX_PARAMETERS
    }

    /// What the document says beside operations and schemas.
    fn beyond(&mut self) {
        let document = self.document;
        for (keys, message) in [
            (&["webhooks"][..], "webhooks are not kept: a contract has calls to the server alone"),
            (&["security"], "security is not kept: who may call is not part of a contract"),
            (
                &["components", "securitySchemes"],
                "security is not kept: who may call is not part of a contract",
            ),
        ] {
            if let Some(place) = document.descend(Document::ROOT, keys) {
                self.warn(place, message);
            }
        }
    }

    /// Stands for what cannot be expressed.
    fn text_instead() -> Read {
        Read { ty: Type::BuiltIn("string"), nullable: false }
    }
}
