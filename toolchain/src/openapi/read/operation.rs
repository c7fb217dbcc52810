//! Operations as methods, grouped into interfaces.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::case::{self, Scope};
use crate::openapi::document::{Document, Id};
use crate::openapi::draft::{Interface, Member, Method, Name};

use super::Reader;
use super::name::{Noun, comment, identifier, is_identifier, joined};

const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Segments of paths that name no interface.
const PREFIXES: [&str; 3] = ["api", "rest", "rpc"];

/// One operation, before anything of it is read.
struct Operation<'a> {
    /// The tag or the segment that groups it.
    group: String,
    /// The number of that interface.
    interface: usize,
    path: &'a str,
    verb: &'a str,
    item: Id,
    place: Id,
}

impl<'a> Reader<'a> {
    pub(super) fn operations(&mut self) {
        let document = self.document;
        let mut operations = Vec::new();
        let paths = document.get(Document::ROOT, "paths");
        for (path, place) in paths.into_iter().flat_map(|paths| document.members(paths)) {
            if path.starts_with("x-") {
                continue;
            }
            let Some(item) = self.resolved(place) else { continue };
            for (verb, place) in document.members(item).filter(|(key, _)| VERBS.contains(key)) {
                if !self.spend(place, 1) {
                    return;
                }
                let group = self.group(path, place);
                operations.push(Operation { group, interface: 0, path, verb, item, place });
            }
        }
        let used: HashSet<&str> = operations.iter().map(|operation| operation.group.as_str()).collect();
        let mut numbers = HashMap::new();
        let tags = document.get(Document::ROOT, "tags").map_or(&[][..], |tags| document.items(tags));
        for &tag in tags {
            if let Some(name) = document.text_of(tag, "name").filter(|name| self.ours || used.contains(name))
            {
                self.interface(name, tag, &mut numbers);
            }
        }
        // All names before any type that is made up, so that those give way.
        for operation in &mut operations {
            operation.interface = self.interface(&operation.group, operation.place, &mut numbers);
        }
        let names = self.method_names(&operations);
        for (operation, name) in operations.iter().zip(names) {
            let method = self.method(operation, name);
            if let Some(interface) = self.draft.interfaces.get_mut(operation.interface) {
                interface.methods.push(method);
            }
        }
    }

    /// The first tag, or else the first segment of the path that says something.
    fn group(&mut self, path: &str, operation: Id) -> String {
        let document = self.document;
        let tags = document.get(operation, "tags");
        let mut names =
            tags.map_or(&[][..], |tags| document.items(tags)).iter().filter_map(|&tag| document.text(tag));
        if let Some(first) = names.next() {
            if let (Some(tags), Some(_)) = (tags, names.next()) {
                self.warn(tags, "the operation stands in the interface of its first tag alone");
            }
            return first.to_owned();
        }
        match telling(path).find(|segment| !segment.contains('{')) {
            Some(segment) => case::pascal(&identifier(segment, Noun::Interface)),
            None => case::pascal(&self.draft.namespace) + "Service",
        }
    }

    /// The number of the interface of a group.
    fn interface(&mut self, group: &str, place: Id, numbers: &mut HashMap<String, usize>) -> usize {
        if let Some(&number) = numbers.get(group) {
            return number;
        }
        let wanted = self.own_name(group);
        let is_tag = self.document.text_of(place, "name").is_some();
        let comment = if is_tag { self.comment(place) } else { String::new() };
        let mut bare = identifier(&wanted.bare, Noun::Interface);
        let scope = self.scope(&wanted.namespace);
        if bare == "rpc" || scope.has(&bare) {
            bare.push_str("Service");
        }
        let bare = scope.give(&bare);
        if bare != wanted.bare {
            self.warn(place, format!("the interface is named `{bare}`"));
        }
        let name = Name { namespace: wanted.namespace, bare };
        let number = self.draft.interfaces.len();
        self.draft.interfaces.push(Interface { place, name, comment, methods: Vec::new() });
        numbers.insert(group.to_owned(), number);
        number
    }

    /// A name for each operation, different within its interface.
    fn method_names(&mut self, operations: &[Operation<'_>]) -> Vec<String> {
        let wanted: Vec<String> = operations.iter().map(|operation| self.method_name(operation)).collect();
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        // Names that are good as they stand are not for others.
        let mut scopes = vec![Scope::default(); self.draft.interfaces.len()];
        for (operation, wanted) in operations.iter().zip(&wanted).filter(|(_, wanted)| is_identifier(wanted))
        {
            if let Some(scope) = scopes.get_mut(operation.interface).filter(|scope| !scope.has(wanted)) {
                scope.give(wanted);
            }
        }
        for (operation, wanted) in operations.iter().zip(&wanted) {
            let Some(scope) = scopes.get_mut(operation.interface) else { continue };
            let is_first = seen.insert((operation.interface, ""));
            // Behind another method, the word begins a clause.
            let good = is_identifier(wanted) && (wanted != "raises" || is_first);
            let name = match good && seen.insert((operation.interface, wanted.as_str())) {
                true => wanted.clone(),
                false => scope.give(&identifier(wanted, Noun::Method)),
            };
            if name != *wanted {
                self.warn(operation.place, format!("the method is named `{name}`"));
            }
            names.push(name);
        }
        names
    }

    fn method(&mut self, operation: &Operation<'_>, name: String) -> Method {
        let document = self.document;
        let place = operation.place;
        let hint = case::pascal(&name);
        let parameters = self.parameters(operation, &hint);
        let mut method = Method {
            place,
            name,
            comment: self.remarks(place),
            parameters,
            returns: None,
            returns_optional: false,
            raises: Vec::new(),
        };
        self.responses(place, &hint, &mut method);
        for (key, message) in [
            ("callbacks", "callbacks are not kept"),
            ("security", "security is not kept: who may call is not part of a contract"),
        ] {
            if let Some(place) = document.get(place, key) {
                self.warn(place, message);
            }
        }
        method
    }

    fn method_name(&self, operation: &Operation<'_>) -> String {
        if let (true, Some((_, last))) = (self.ours, operation.path.rsplit_once('/')) {
            return last.to_owned();
        }
        match self.document.text_of(operation.place, "operationId") {
            Some(id) => {
                let owner = self.draft.interfaces.get(operation.interface).map_or("", |item| &item.name.bare);
                let rest = |prefix: &str| id.strip_prefix(prefix)?.strip_prefix('_');
                rest(&operation.group)
                    .or_else(|| rest(owner))
                    .filter(|rest| !rest.is_empty())
                    .unwrap_or(id)
                    .to_owned()
            }
            None => {
                let mut words = operation.verb.to_owned();
                for segment in telling(operation.path) {
                    words.push_str(if segment.starts_with('{') { "_by_" } else { "_" });
                    words.push_str(segment);
                }
                case::camel(&identifier(&words.replace(['{', '}'], "_"), Noun::Method))
            }
        }
    }

    /// Summary and description.
    fn remarks(&self, place: Id) -> String {
        let text = |key| self.document.text_of(place, key).map(comment).filter(|text| !text.is_empty());
        match (text("summary"), text("description")) {
            (Some(summary), Some(description)) if summary != description => {
                format!("{summary}\n\n{description}")
            }
            (summary, description) => description.or(summary).unwrap_or_default(),
        }
    }

    /// Those of the path and the query, then the body's; the optional ones last.
    fn parameters(&mut self, operation: &Operation<'_>, hint: &str) -> Vec<Member> {
        let document = self.document;
        // Where each of them is, and where in `schemas`.
        let mut found: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
        let mut schemas: Vec<(&str, Id)> = Vec::new();
        let mut required = BTreeMap::new();
        let lists = [operation.item, operation.place].map(|place| document.get(place, "parameters"));
        for place in lists.into_iter().flatten().flat_map(|list| document.items(list)) {
            if !self.spend(*place, 1) {
                return Vec::new();
            }
            let Some(parameter) = self.resolved(*place) else { continue };
            let (name, within) = (document.text_of(parameter, "name"), document.text_of(parameter, "in"));
            let (Some(name), Some(within)) = (name, within) else {
                self.fail(parameter, "a parameter has a `name` and an `in`");
                continue;
            };
            if !matches!(within, "path" | "query") {
                if self.reported.insert(*place) {
                    self.warn(*place, format!("the {} parameter is not kept", within.escape_debug()));
                }
                continue;
            }
            let schema = document
                .get(parameter, "schema")
                .or_else(|| self.content(parameter).map(|(schema, _)| schema));
            let Some(schema) = schema else {
                self.fail(parameter, "a parameter has a `schema` or a `content`");
                continue;
            };
            match found.get(name) {
                // One of the operation replaces that of the path.
                Some(&(known, at)) if known == within => {
                    if let Some(known) = schemas.get_mut(at) {
                        known.1 = schema;
                    }
                }
                Some((known, _)) => {
                    self.warn(
                        *place,
                        format!("there is a {known} parameter of this name: this one is not kept"),
                    );
                    continue;
                }
                None => {
                    found.insert(name, (within, schemas.len()));
                    schemas.push((name, schema));
                }
            }
            required.remove(name);
            if document.is_true(parameter, "required") || within == "path" {
                required.insert(name, parameter);
            }
        }
        let mut members = self.members(&schemas, &required, hint, Noun::Parameter);
        if let Some(body) = document.get(operation.place, "requestBody").and_then(|body| self.resolved(body))
        {
            self.body(body, hint, &mut members);
        }
        members.sort_by_key(|member| member.optional);
        members
    }

    /// The members of an inline object one by one, anything else as one parameter.
    fn body(&mut self, body: Id, hint: &str, members: &mut Vec<Member>) {
        let document = self.document;
        let Some((schema, media)) = self.content(body) else { return };
        if !is_json(document.key(media)) {
            let message = format!("`{}` is read as JSON", document.key(media).escape_debug());
            self.warn(media, message);
        }
        let needed = document.is_true(body, "required");
        let taken: HashSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
        let simple = ["$ref", "allOf", "nullable"].iter().all(|key| document.get(schema, key).is_none());
        let properties: Vec<(&str, Id)> =
            document.get(schema, "properties").map(|all| document.members(all).collect()).unwrap_or_default();
        if !self.spend(schema, properties.len()) {
            return;
        }
        let free = |key: &str| is_identifier(key) && !taken.contains(key);
        if simple && !properties.is_empty() && properties.iter().all(|&(key, _)| free(key)) {
            self.report_beyond(schema);
            let list = document.get(schema, "required").map_or(&[][..], |list| document.items(list));
            let required = list.iter().filter_map(|&name| Some((document.text(name)?, name))).collect();
            let mut own = self.members(&properties, &required, hint, Noun::Parameter);
            own.iter_mut().for_each(|member| member.optional |= !needed);
            members.extend(own);
            return;
        }
        let reference = document.text_of(schema, "$ref").and_then(|text| text.rsplit_once('/'));
        let wanted = match reference {
            Some((_, name)) => case::camel(&identifier(name, Noun::Type)),
            None => "body".to_owned(),
        };
        let mut scope = Scope::without(taken);
        let name = scope.give(&wanted);
        let read = self.ty(schema, &joined(hint, "body"));
        let optional = read.nullable || !needed;
        members.push(Member { place: schema, name, ty: read.ty, optional, comment: String::new() });
    }

    /// The schema of the best media type, and that.
    fn content(&self, holder: Id) -> Option<(Id, Id)> {
        let document = self.document;
        let all: Vec<Id> =
            document.members(document.get(holder, "content")?).map(|(_, media)| media).collect();
        let best = all.iter().find(|&&media| is_json(document.key(media))).or(all.first())?;
        Some((document.get(*best, "schema")?, *best))
    }

    /// The first success is the result; declared errors are what the method raises.
    fn responses(&mut self, operation: Id, hint: &str, method: &mut Method) {
        let document = self.document;
        let all: Vec<(&str, Id)> = document
            .get(operation, "responses")
            .map(|all| document.members(all).collect())
            .unwrap_or_default();
        if !self.spend(operation, all.len()) {
            return;
        }
        let is_success = |code: &str| code.starts_with('2');
        let success = all.iter().filter(|(code, _)| is_success(code)).min_by_key(|(code, _)| *code);
        let success = success.map(|&(_, place)| place);
        let mut beyond = Vec::new();
        for &(code, place) in &all {
            if code.starts_with("x-") {
                continue;
            }
            let Some(response) = self.resolved(place) else { continue };
            // Without any success, the default is all that is said of what comes back.
            if success == Some(place) {
                self.result(response, hint, method);
            } else if self.raised(response, method) {
                continue;
            } else if success.is_none() && code == "default" {
                self.result(response, hint, method);
            } else {
                beyond.push(code);
            }
        }
        let generic = document.descend(Document::ROOT, &["components", "responses", "Error"]);
        if self.ours && generic.is_some() && beyond == ["default"] {
            return;
        }
        if let Some(place) = document.get(operation, "responses").filter(|_| !beyond.is_empty()) {
            let codes: Vec<String> = beyond.iter().map(|code| code.escape_debug().to_string()).collect();
            let message = match codes.as_slice() {
                [one] => format!("the response {one} is not kept"),
                several => format!("the responses {} are not kept", several.join(", ")),
            };
            self.warn(place, message);
        }
    }

    fn result(&mut self, response: Id, hint: &str, method: &mut Method) {
        let document = self.document;
        let Some((schema, media)) = self.content(response) else { return };
        if !is_json(document.key(media)) {
            let message = format!("`{}` is read as JSON", document.key(media).escape_debug());
            self.warn(media, message);
        }
        if self.is_null(schema) {
            return;
        }
        let read = self.ty(schema, &joined(hint, "result"));
        method.returns = Some(read.ty);
        method.returns_optional = read.nullable;
    }

    /// Whether the response is of declared errors alone, which the method then raises.
    fn raised(&mut self, response: Id, method: &mut Method) -> bool {
        let document = self.document;
        let Some((schema, _)) = self.content(response) else { return false };
        let Some(choices) = document.get(schema, "anyOf") else { return false };
        if !self.spend(choices, document.items(choices).len()) {
            return false;
        }
        let error = |&choice: &Id| {
            let target = document.at(document.text_of(choice, "$ref")?.strip_prefix('#')?)?;
            self.errors.get(&target).copied()
        };
        let errors: Vec<usize> = document.items(choices).iter().filter_map(error).collect();
        let all = !errors.is_empty() && errors.len() == document.items(choices).len();
        if all {
            method.raises.extend(errors);
        }
        all
    }
}

/// The segments of a path, but for those at its start that are the same for all.
fn telling(path: &str) -> impl Iterator<Item = &str> {
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.skip_while(move |segment| PREFIXES.contains(segment) || is_version(segment))
}

fn is_json(media: &str) -> bool {
    let kind = media.split(';').next().unwrap_or_default().trim();
    kind == "application/json" || kind.ends_with("+json")
}
