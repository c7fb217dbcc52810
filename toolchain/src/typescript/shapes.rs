//! Functions that make structs from the index of a checked text (`pintle_core::index`), for who asks for them by the
//! constant `shapes`.
//!
//! They are plain functions with literal objects, so that an engine knows what each makes before it runs.

use pintle_core::Engine;
use pintle_core::contract::{Definition, Struct, Type};

use super::{Ints, WIDTH, Writer};
use crate::fields::{Owned, fields};

/// Names that every object inherits: an assignment to one might reach what it inherits.
const INHERITED: [&str; 12] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// What the functions are given. Who runs them has it; `$` begins no name of a contract.
const INDEX: &str = "
/** What was found in a text while it was checked. */
interface $Index {
  has(at: number): boolean;
  isNull(at: number): boolean;
  string(at: number): string;
  float(at: number): number;
  int(at: number): INT;
  bool(at: number): boolean;
  /** A value of an enum: `never` fits them all. */
  choice(at: number, name: string): never;
  inside(at: number): number;
  list<T>(at: number, read: ($: $Index, at: number) => T): T[];
  map<T>(at: number, read: ($: $Index, at: number) => T): { [key: string]: T };
  own(object: object, name: string, value: unknown): void;
}
";

impl<'a> Writer<'a> {
    /// All structs, those of other namespaces too: one module has everything that reading takes.
    pub(super) fn shapes(&self, out: &mut String) {
        let structs = self.contract.structs();
        if structs.is_empty() {
            return;
        }
        let int = if self.ints == Ints::BigInt { "bigint" } else { "number" };
        out.push_str(&INDEX.replace("INT", int));
        for item in structs {
            self.shape(out, item);
        }
        // Where a contract cannot be served nobody reads it.
        let layout = Engine::builder(self.contract.clone()).build().map_or(0, |engine| engine.layout());
        out.push_str(&format!(
            "\n/** Makes the structs of the contract: the option `shapes` of the package's `Contract`. */\n\
             export const {} = {{\n  layout: {layout},\n  structs: {{\n",
            self.module.shapes
        ));
        for item in structs {
            out.push_str(&format!("    \"{}\": {},\n", item.name, function(&item.name)));
        }
        out.push_str("  },\n};\n");
    }

    fn shape(&self, out: &mut String, item: &'a Struct) {
        let ty = self.path(&item.name, &item.namespace);
        let all = fields(self.contract, item);
        let name = function(&item.name);
        if all.is_empty() {
            out.push_str(&format!(
                "\nfunction {name}(_: $Index, _at: number): {ty} {{\n  return {{}};\n}}\n"
            ));
            return;
        }
        out.push_str(&format!("\nfunction {name}($: $Index, at: number): {ty} {{\n  at = $.inside(at);\n"));
        let read = |at: usize, owned: &Owned<'a>| {
            let place = if at == 0 { "at".to_owned() } else { format!("at + {at}") };
            (self.read(&owned.field.ty, owned.namespace, &place), place)
        };
        let (optional, needed): (Vec<_>, Vec<_>) =
            all.iter().enumerate().partition(|(_, owned)| owned.field.optional);
        let members: Vec<String> =
            needed.iter().map(|(at, owned)| own_member(&owned.field.name, &read(*at, owned).0)).collect();
        if optional.is_empty() {
            object(out, "return", &members);
            out.push_str("}\n");
            return;
        }
        // Every object has a member of such a name, of another type than that of the field which may be absent.
        let hides = optional.iter().any(|(_, owned)| INHERITED.contains(&owned.field.name.as_str()));
        let made = if hides { "any" } else { ty.as_str() };
        object(out, &format!("const made: {made} ="), &members);
        for (at, owned) in &optional {
            let name = &owned.field.name;
            let (value, place) = read(*at, owned);
            let value = format!("$.isNull({place}) ? null : {value}");
            if INHERITED.contains(&name.as_str()) {
                out.push_str(&format!("  if ($.has({place})) $.own(made, \"{name}\", {value});\n"));
            } else {
                out.push_str(&format!("  if ($.has({place})) made.{name} = {value};\n"));
            }
        }
        out.push_str("  return made;\n}\n");
    }

    /// An expression of the value in the slot `at`.
    fn read(&self, ty: &Type, namespace: &str, at: &str) -> String {
        match ty {
            Type::String => format!("$.string({at})"),
            Type::Int => format!("$.int({at})"),
            Type::Float => format!("$.float({at})"),
            Type::Bool => format!("$.bool({at})"),
            Type::Array(item) => format!("$.list({at}, {})", self.reader(item, namespace)),
            Type::Map(value) => format!("$.map({at}, {})", self.reader(value, namespace)),
            Type::Named(reference) => match self.contract.definition(reference, namespace) {
                Some(Definition::Struct(item)) => format!("{}($, {at})", function(&item.name)),
                Some(Definition::Enum(item)) => format!("$.choice({at}, \"{}\")", item.name),
                // A contract has no reference that leads nowhere.
                None => reference.clone(),
            },
        }
    }

    /// A function that reads such values.
    fn reader(&self, ty: &Type, namespace: &str) -> String {
        if let Type::Named(reference) = ty
            && let Some(Definition::Struct(item)) = self.contract.definition(reference, namespace)
        {
            return function(&item.name);
        }
        format!("($, at) => {}", self.read(ty, namespace, "at"))
    }
}

/// What makes a struct. A contract's names have no `$`, so each has its own.
fn function(name: &str) -> String {
    format!("${}", name.replace('.', "$"))
}

/// A literal, on one line if it fits.
fn object(out: &mut String, head: &str, members: &[String]) {
    let line = format!("  {head} {{ {} }};\n", members.join(", "));
    if members.is_empty() {
        out.push_str(&format!("  {head} {{}};\n"));
    } else if line.chars().count() <= WIDTH + 1 {
        out.push_str(&line);
    } else {
        out.push_str(&format!("  {head} {{\n"));
        for member in members {
            out.push_str(&format!("    {member},\n"));
        }
        out.push_str("  };\n");
    }
}

/// A member of a literal: it is the object's own, whatever its name.
fn own_member(name: &str, value: &str) -> String {
    if name == "__proto__" { format!("[\"{name}\"]: {value}") } else { format!("{name}: {value}") }
}
