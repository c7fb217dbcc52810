//! Rust: types, errors, and for each interface a trait that serves it and one that calls it.
//!
//! The code needs `serde` with its derive macros and nothing else: what carries calls is behind two small traits, which
//! the code holds too. It is formatted as rustfmt does with its defaults.

mod comment;
mod interface;
mod layout;
mod names;
mod types;

use pintle_core::Contract;
use pintle_core::contract::{Interface, Type};

use self::names::Names;
use self::types::Types;
use crate::fields::Cycles;
use crate::namespaces::{Namespace, namespaces};
use crate::refusal::check_size;
use crate::{File, GenerateError};

/// What carries calls: the same text in every output.
const RPC: &str = include_str!("rpc.rs.txt");

/// The contract as a module: a file named after its namespace, and for each imported namespace one in the directory of
/// that name.
///
/// # Errors
///
/// The output would be too large.
pub fn generate(contract: &Contract) -> Result<Vec<File>, GenerateError> {
    check_size(contract)?;
    let namespaces = namespaces(contract);
    let names = Names::new(contract, &namespaces);
    let boxed = Cycles::new(contract, |field| matches!(field.ty, Type::Named(_)));
    let root = names.root();
    let files = namespaces.iter().map(|namespace| {
        let types = Types { contract, names: &names, here: namespace.name, boxed: &boxed };
        let path = match names.module(namespace.name) {
            None => format!("{root}.rs"),
            Some(module) => format!("{root}/{}.rs", module.trim_start_matches("r#")),
        };
        File::new(path, types.module(namespace, &namespaces))
    });
    Ok(files.collect())
}

/// Where a plugin begins: the traits of a contract, implemented by methods that answer an error.
pub(crate) struct Skeletons {
    /// The file that [`generate`] writes for the root, without its ending.
    pub(crate) module: String,
    /// A type that implements the traits, which the module has no such name for.
    pub(crate) handler: String,
    /// The traits, by their paths in the module.
    pub(crate) traits: Vec<String>,
    /// One `impl` for each, for a file that has all names of the module.
    pub(crate) impls: String,
    /// Whether they name `BTreeMap`, which the module does not pass on.
    pub(crate) has_maps: bool,
}

/// The methods answer 501, "NAME is not implemented".
pub(crate) fn skeletons(contract: &Contract) -> Skeletons {
    let namespaces = namespaces(contract);
    let names = Names::new(contract, &namespaces);
    let boxed = Cycles::new(contract, |field| matches!(field.ty, Type::Named(_)));
    let here = contract.namespace();
    let types = Types { contract, names: &names, here, boxed: &boxed };
    let handler = names.free("Plugin", here);
    let mut impls = String::new();
    for interface in contract.interfaces() {
        impls.push('\n');
        types.skeleton(&mut impls, interface, &handler);
    }
    let path = |item: &Interface| names.path(&item.name, &item.namespace, here);
    let traits = contract.interfaces().iter().map(path).collect();
    let has_maps = impls.contains("BTreeMap<") && !names.is_taken("BTreeMap", here);
    let module = names.root();
    let is_word = names::is_keyword(module);
    Skeletons {
        module: if is_word { format!("r#{module}") } else { module.to_owned() },
        handler,
        traits,
        impls,
        has_maps,
    }
}

impl<'a> Types<'a> {
    fn module(&self, namespace: &Namespace<'a>, all: &[Namespace<'a>]) -> String {
        let is_root = self.names.module(self.here).is_none();
        let mut out = self.head();
        if is_root && all.len() > 1 {
            out.push('\n');
            let mut modules: Vec<&str> =
                all.iter().filter_map(|other| self.names.module(other.name)).collect();
            // rustfmt sorts them, and looks behind `r#`.
            modules.sort_unstable_by_key(|module| module.trim_start_matches("r#"));
            for module in modules {
                out.extend(["pub mod ", module, ";\n"]);
            }
        }
        let body = out.len();
        for item in &namespace.structs {
            out.push('\n');
            self.structure(&mut out, item);
        }
        for item in &namespace.enums {
            out.push('\n');
            self.enumeration(&mut out, item);
        }
        if !namespace.errors.is_empty() {
            out.push('\n');
            self.errors(&mut out, namespace);
        }
        for interface in &namespace.interfaces {
            out.push('\n');
            self.handler(&mut out, interface);
            out.push('\n');
            self.client(&mut out, interface);
        }
        if out[body..].contains("BTreeMap<") && !self.names.is_taken("BTreeMap", self.here) {
            let head = self.head().len();
            out.insert_str(head, "\nuse std::collections::BTreeMap;\n");
        }
        if is_root && !(self.contract.interfaces().is_empty() && self.contract.errors().is_empty()) {
            out.push('\n');
            out.push_str(RPC);
        }
        out
    }

    fn head(&self) -> String {
        let what = match self.here {
            "" => "The contract".to_owned(),
            namespace => format!("The contract `{namespace}`"),
        };
        format!(
            "//! {what}, made by `pintle gen rust`: change the contract and make it again.\n\
             \n\
             // Names and comments are the contract's, and nobody uses all of it.\n\
             #![allow(dead_code, missing_docs, unreachable_pub)]\n\
             #![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]\n"
        )
    }
}
