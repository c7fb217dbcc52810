//! The engine: one contract ready to be served, shared by all exchanges.

use crate::builtin::{self, Answer, Builtin, Listed};
use crate::contract::Contract;
use crate::limits::Limits;
use crate::names::sort;
use crate::plan::{Kind, Member, Plan};
use std::fmt;
use std::sync::Arc;

/// What every exchange of a server has in common. Made once, by [`Engine::builder`]; never changes.
pub struct Engine {
    pub(crate) contract: Arc<Contract>,
    idl: Arc<str>,
    pub(crate) plan: Plan,
    pub(crate) limits: Limits,
    pub(crate) strict: bool,
    pub(crate) policy: ErrorPolicy,
    pub(crate) admission: bool,
    methods: Vec<Method>,
    /// Indices of `methods` by the length of their names on the wire, then by the name.
    lookup: Vec<(String, u32)>,
}

/// Which of the contract's errors a handler may answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorPolicy {
    /// Any code outside of -32768…-32000, declared or not.
    #[default]
    Any,
    /// Only declared ones: those that the method `raises`, or any if it names none.
    Declared,
}

/// A method's number in its engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MethodId(pub(crate) u32);

impl MethodId {
    /// Its place among [`Engine::methods`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A method that can be called.
pub struct Method {
    /// `Interface.method`, whatever path it is mounted at.
    pub name: String,
    /// The interface that the handler implements.
    pub interface: String,
    pub(crate) members: Vec<Member>,
    pub(crate) result: Option<Kind>,
    pub(crate) result_optional: bool,
    /// Codes of the errors it raises; empty when it names none.
    pub(crate) raises: Vec<i32>,
    pub(crate) builtin: Option<Answer>,
}

/// Why an engine cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// Two methods would have this name on the wire.
    DuplicateMethod(String),
    /// A mount or a handler names an interface that the contract does not have.
    UnknownInterface(String),
    /// A mount path that is no list of names, or one that begins with the reserved name `rpc`.
    BadMount(String),
    /// The contract has something that cannot be checked.
    Contract(String),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateMethod(name) => write!(f, "two methods would be called {name}"),
            Self::UnknownInterface(name) => write!(f, "the contract has no interface {name}"),
            Self::BadMount(at) => {
                write!(f, "\"{at}\" is no path to mount at: names with the separator between, not \"rpc\"")
            }
            Self::Contract(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for EngineError {}

/// Collects what an [`Engine`] is made of.
pub struct Builder {
    contract: Arc<Contract>,
    /// The contract's JSON form, on one line.
    idl: Arc<str>,
    limits: Limits,
    strict: bool,
    policy: ErrorPolicy,
    admission: bool,
    safe_ints: bool,
    commands: bool,
    separator: String,
    serves: Option<Vec<String>>,
    mounts: Vec<(String, String)>,
    builtins: Vec<Builtin>,
}

impl Builder {
    /// Replaces the default limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Refuses fields that the contract does not name. Off by default.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Refuses integers that a double may not hold exactly, those of 2^53 and more either way, as out of range: for
    /// handlers that read them as doubles. Off by default: then all of 64 bits pass.
    pub fn safe_ints(mut self, safe: bool) -> Self {
        self.safe_ints = safe;
        self
    }

    /// Which errors handlers may answer with.
    pub fn errors(mut self, policy: ErrorPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Asks the shell to admit each call before its parameters are checked ([`crate::Step::Admit`]).
    pub fn admission(mut self, ask: bool) -> Self {
        self.admission = ask;
        self
    }

    /// Answers `ping`, `echo`, `functions_list` and `documentation`. Off by default.
    pub fn commands(mut self, answer: bool) -> Self {
        self.commands = answer;
        self
    }

    /// The interfaces that have a handler; the others' methods are Method not found. By default all have.
    pub fn serves(mut self, interfaces: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.serves = Some(interfaces.into_iter().map(Into::into).collect());
        self
    }

    /// Puts `interface` under the path `at`, which replaces its name; `at` may be empty. Without any mount
    /// every interface stands under its own name.
    pub fn mount(mut self, at: impl Into<String>, interface: impl Into<String>) -> Self {
        self.mounts.push((at.into(), interface.into()));
        self
    }

    /// What stands between the segments of a method's name on the wire: `.` by default.
    pub fn separator(mut self, separator: impl Into<String>) -> Self {
        self.separator = separator.into();
        self
    }

    /// Adds a method that the engine answers itself.
    pub fn builtin(mut self, builtin: Builtin) -> Self {
        self.builtins.push(builtin);
        self
    }

    /// What a method of the contract is called on the wire: a name for each path that its interface is mounted at,
    /// none when nothing serves it.
    pub fn names(&self, interface: &str, method: &str) -> Vec<String> {
        let name = |at: &str| match at {
            "" => method.to_string(),
            at => format!("{at}{}{method}", self.separator),
        };
        self.paths(interface).into_iter().map(name).collect()
    }

    /// Where an interface stands.
    fn paths<'a>(&'a self, interface: &'a str) -> Vec<&'a str> {
        if self.serves.as_ref().is_some_and(|serves| !serves.iter().any(|served| served == interface)) {
            return Vec::new();
        }
        if self.mounts.is_empty() {
            return vec![interface];
        }
        self.mounts.iter().filter(|(_, mounted)| mounted == interface).map(|(at, _)| at.as_str()).collect()
    }

    /// Compiles it all.
    pub fn build(self) -> Result<Arc<Engine>, EngineError> {
        let contract = &self.contract;
        let mut plan = Plan::new(contract).map_err(EngineError::Contract)?;
        plan.safe_ints = self.safe_ints;
        let known = |name: &str| contract.interfaces().iter().any(|interface| interface.name == name);
        let asked = self.serves.iter().flatten().chain(self.mounts.iter().map(|(_, interface)| interface));
        if let Some(unknown) = asked.into_iter().find(|name| !known(name)) {
            return Err(EngineError::UnknownInterface(unknown.clone()));
        }
        let mut methods = Vec::new();
        let mut wire: Vec<(String, String)> = Vec::new(); // name on the wire, comment; one for each method
        for interface in contract.interfaces() {
            let bad = |at: &&str| !self.mounts.is_empty() && !good_path(at, &self.separator);
            if let Some(at) = self.paths(&interface.name).into_iter().find(bad) {
                return Err(EngineError::BadMount(at.into()));
            }
            for method in &interface.methods {
                for name in self.names(&interface.name, &method.name) {
                    wire.push((name, method.comment.clone()));
                    methods.push(compile(&mut plan, contract, &interface.name, &interface.namespace, method));
                }
            }
        }
        let commands = if self.commands { Vec::from(Builtin::commands()) } else { Vec::new() };
        for builtin in [Builtin::idl(self.idl.clone())].into_iter().chain(commands).chain(self.builtins) {
            let members = builtin.parameters.iter();
            let members = members
                .map(|item| plan.member(contract, &item.name, &item.ty, item.optional, contract.namespace()));
            methods.push(Method {
                members: members.collect(),
                name: builtin.name.clone(),
                interface: String::new(),
                result: None,
                result_optional: false,
                raises: Vec::new(),
                builtin: Some(builtin.answer),
            });
            wire.push((builtin.name, builtin.comment));
        }
        let mut lookup: Vec<(String, u32)> =
            wire.iter().zip(0..).map(|((name, _), index)| (name.clone(), index)).collect();
        sort(&mut lookup, |(a, _), (b, _)| by_length(a.as_bytes(), b.as_bytes()));
        if let Some(pair) = lookup.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(EngineError::DuplicateMethod(pair[0].0.clone()));
        }
        describe(&plan, contract, &mut methods, &wire);
        Ok(Arc::new(Engine {
            plan,
            limits: self.limits,
            strict: self.strict,
            policy: self.policy,
            admission: self.admission,
            methods,
            lookup,
            idl: self.idl,
            contract: self.contract,
        }))
    }
}

/// Fills in the answers that list all methods.
fn describe(plan: &Plan, contract: &Contract, methods: &mut [Method], wire: &[(String, String)]) {
    if !methods.iter().any(|method| matches!(method.builtin, Some(Answer::Documentation))) {
        return;
    }
    let of = |method: &Method| (method.interface.clone(), details(plan, contract, method));
    let about: Vec<(String, String)> = methods.iter().map(of).collect();
    let mut listed: Vec<Listed<'_>> = Vec::new();
    for ((name, comment), (section, details)) in wire.iter().zip(&about) {
        let section = if section.is_empty() { "server" } else { section };
        listed.push(Listed { name, comment, section, details });
    }
    sort(&mut listed, |a, b| a.name.cmp(b.name));
    for method in methods {
        match method.builtin {
            Some(Answer::FunctionsList) => {
                method.builtin = Some(Answer::Text(builtin::functions_list(&listed).into()));
            }
            Some(Answer::Documentation) => {
                method.builtin = Some(Answer::Text(builtin::documentation(contract, &listed).into()));
            }
            _ => {}
        }
    }
}

/// Parameters, result and errors as a list of reStructuredText.
fn details(plan: &Plan, contract: &Contract, method: &Method) -> String {
    let mut text = String::new();
    for member in &method.members {
        let optional = if member.optional { ", optional" } else { "" };
        let expected = plan.expected(member.kind);
        // The end of that of an enum without values is a space, which cannot end a literal.
        text.extend(["- ``", member.token.name(), "``: ``", expected.trim_ascii_end(), "``", optional, "\n"]);
    }
    if method.builtin.is_none() {
        let result = method.result.map_or_else(|| "null".into(), |kind| plan.expected(kind));
        let optional = if method.result_optional { " or ``null``" } else { "" };
        text.extend(["- answers ``", result.trim_ascii_end(), "``", optional, "\n"]);
    }
    for error in method.raises.iter().filter_map(|&code| contract.error(code)) {
        text.extend(["- fails with ``", &error.code.to_string(), "``: "]);
        builtin::plain(&mut text, &error.message);
        text.push('\n');
    }
    text
}

fn compile(
    plan: &mut Plan,
    contract: &Contract,
    interface: &str,
    namespace: &str,
    method: &crate::contract::Method,
) -> Method {
    let members = method.parameters.iter();
    let raises = method.raises.iter().filter_map(|name| contract.resolve_error(name, namespace));
    Method {
        name: format!("{interface}.{}", method.name),
        interface: interface.into(),
        members: members
            .map(|item| plan.member(contract, &item.name, &item.ty, item.optional, namespace))
            .collect(),
        result: method.returns.as_ref().map(|ty| plan.kind(contract, ty, namespace)),
        result_optional: method.returns_optional,
        raises: raises.map(|error| error.code).collect(),
        builtin: None,
    }
}

/// A path is names with the separator between, and does not begin with the reserved one. Empty is the root.
fn good_path(at: &str, separator: &str) -> bool {
    let name = |segment: &[u8]| {
        !segment.is_empty() && segment.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let (at, separator) = (at.as_bytes(), separator.as_bytes());
    let (mut first, mut rest) = (true, at);
    // Not `split`: the search for a text in a text is a kilobyte of the module, and nothing else has it.
    while let Some(end) = rest.windows(separator.len().max(1)).position(|window| window == separator) {
        if !name(&rest[..end]) || (first && &rest[..end] == b"rpc") {
            return false;
        }
        (first, rest) = (false, &rest[end + separator.len()..]);
    }
    at.is_empty() || (!separator.is_empty() && name(rest) && !(first && rest == b"rpc"))
}

fn by_length(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

impl Engine {
    /// Starts an engine for `contract`, with everything else at its default.
    pub fn builder(contract: impl Into<Arc<Contract>>) -> Builder {
        let contract = contract.into();
        let idl = contract.to_json().into();
        Engine::builder_as(contract, idl)
    }

    /// The same for a contract whose JSON form is at hand: `idl`, JSON text without raw line breaks, is what peers that
    /// ask for the contract get. A module that never writes that form does not carry what writes it.
    pub fn builder_as(contract: impl Into<Arc<Contract>>, idl: Arc<str>) -> Builder {
        Builder {
            contract: contract.into(),
            idl,
            limits: Limits::default(),
            strict: false,
            policy: ErrorPolicy::Any,
            admission: false,
            safe_ints: false,
            commands: false,
            separator: ".".into(),
            serves: None,
            mounts: Vec::new(),
            builtins: Vec::new(),
        }
    }

    /// Starts another engine for the same contract, with everything else at its default.
    pub fn builder_again(&self) -> Builder {
        Engine::builder_as(self.contract.clone(), self.idl.clone())
    }

    /// The contract's JSON form, as peers get it.
    pub fn idl(&self) -> &str {
        &self.idl
    }

    /// The contract that is served; other engines can share it.
    pub fn contract(&self) -> &Arc<Contract> {
        &self.contract
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether it asks for an admission before each call.
    pub fn admission(&self) -> bool {
        self.admission
    }

    /// The method that a call names.
    ///
    /// # Panics
    ///
    /// If `id` is of another engine.
    pub fn method(&self, id: MethodId) -> &Method {
        &self.methods[id.0 as usize]
    }

    /// All methods that can be called, in the order of their numbers; one that is mounted twice comes twice.
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// The methods of `interface`, each with its name on the wire; one that is mounted twice comes twice.
    pub(crate) fn methods_of(&self, interface: &str) -> impl Iterator<Item = (&str, MethodId)> {
        let methods = self.lookup.iter().map(|(name, index)| (name.as_str(), MethodId(*index)));
        methods.filter(move |(_, id)| self.method(*id).interface == interface)
    }

    /// The method that stands under `name` on the wire.
    pub(crate) fn find(&self, name: &[u8]) -> Option<MethodId> {
        let found = self.lookup.binary_search_by(|(known, _)| by_length(known.as_bytes(), name)).ok()?;
        Some(MethodId(self.lookup[found].1))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("methods", &self.lookup).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Two;

    impl crate::idl::Loader for Two {
        fn load(&mut self, _key: &str) -> Result<String, String> {
            Ok("namespace a interface A { f() g() } interface B { f() h() } struct S { n int }".into())
        }
    }

    fn builder() -> Builder {
        Engine::builder(crate::idl::parse("a.pulse", &mut Two).contract.expect("a contract"))
    }

    fn names(builder: Builder) -> Vec<String> {
        let engine = builder.build().expect("an engine");
        let mut names: Vec<String> = engine.lookup.iter().map(|(name, _)| name.clone()).collect();
        names.retain(|name| name != "pulserpc-idl");
        names.sort_unstable();
        for (name, id) in &engine.lookup {
            assert_eq!(engine.find(name.as_bytes()), Some(MethodId(*id)));
        }
        names
    }

    #[test]
    fn interfaces_stand_under_their_names_or_where_they_are_mounted() {
        assert_eq!(names(builder()), ["A.f", "A.g", "B.f", "B.h"]);
        assert_eq!(names(builder().separator("/")), ["A/f", "A/g", "B/f", "B/h"]);
        assert_eq!(names(builder().serves(["B"])), ["B.f", "B.h"]);
        assert_eq!(names(builder().mount("x.y", "A")), ["x.y.f", "x.y.g"]);
        assert_eq!(names(builder().mount("", "A").mount("a", "A")), ["a.f", "a.g", "f", "g"]);
    }

    #[test]
    fn names_are_known_before_the_engine_is_built() {
        assert_eq!(builder().separator("/").names("A", "f"), ["A/f"]);
        assert_eq!(builder().mount("", "A").mount("a", "A").names("A", "f"), ["f", "a.f"]);
        assert_eq!(builder().mount("", "A").names("B", "f"), [""; 0]);
        assert_eq!(builder().serves(["B"]).names("A", "f"), [""; 0]);
    }

    #[test]
    fn a_method_keeps_its_name_wherever_it_is_mounted() {
        let engine = builder().mount("x", "A").build().expect("an engine");
        let id = engine.find(b"x.f").expect("a method");
        assert_eq!((engine.method(id).name.as_str(), engine.method(id).interface.as_str()), ("A.f", "A"));
        for name in ["A.f", "x.h", "x", "x.", "x.f ", "X.f", ""] {
            assert_eq!(engine.find(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_served_is_refused() {
        let built = |builder: Builder| builder.build().expect_err("no engine");
        let twice = built(builder().mount("", "A").mount("", "B"));
        assert_eq!(twice, EngineError::DuplicateMethod("f".into()));
        let taken = Builtin::text("A.f", "", "1");
        assert_eq!(built(builder().builtin(taken)), EngineError::DuplicateMethod("A.f".into()));
        assert_eq!(built(builder().mount("x", "C")), EngineError::UnknownInterface("C".into()));
        assert_eq!(built(builder().serves(["A", "S"])), EngineError::UnknownInterface("S".into()));
        for at in ["rpc", "rpc.x", ".", "x.", ".x", "x..y", "a b", "é"] {
            assert_eq!(built(builder().mount(at, "A")), EngineError::BadMount(at.into()), "{at}");
        }
        assert_eq!(built(builder().separator("/").mount("x.y", "A")), EngineError::BadMount("x.y".into()));
    }
}
