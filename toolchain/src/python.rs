//! Python, written from a contract: [`client`] for Python 3.9 and later, [`server`] for Python 3 and 2.7.

mod client;
mod names;
mod text;

use pintle_core::Contract;

use crate::File;

/// Types, errors, clients and handlers: a package named after the root's namespace, with a module for each that it
/// imports. Needs Python 3.9 and nothing else.
pub fn client(contract: &Contract) -> Vec<File> {
    client::package(contract)
}

/// The package that serves a contract, whatever it is.
pub fn runtime() -> Vec<File> {
    let file = |name: &str, text: &str| File::new(format!("pintle_server/{name}"), text);
    vec![
        file("__init__.py", include_str!("python/server/__init__.py")),
        file("contract.py", include_str!("python/server/contract.py")),
        file("documentation.py", include_str!("python/server/documentation.py")),
        file("envelope.py", include_str!("python/server/envelope.py")),
        file("jsontext.py", include_str!("python/server/jsontext.py")),
        file("server.py", include_str!("python/server/server.py")),
        file("types.py", include_str!("python/server/types.py")),
    ]
}

/// What serves `contract`: `idl.json` in the directory of its namespace, and [`runtime`].
pub fn server(contract: &Contract) -> Vec<File> {
    let package = names::Names::new(contract).module(contract.namespace()).to_owned();
    let mut files = vec![File::new(format!("{package}/idl.json"), contract.to_json_pretty())];
    files.extend(runtime());
    files
}
