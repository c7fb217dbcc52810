//! A static HTML reference of a contract: what to publish beside a service.
//!
//! ```text
//! index.html               every interface with its methods, every type, how to call
//! interface.NAME.html      one interface: each method with its parameters, errors and an example
//! types.html               structs and enums of the root namespace; types.NAMESPACE.html of an imported one
//! errors.html              the contract's errors and those of the protocol
//! style.css  script.js  search-index.js
//! ```
//!
//! A page per interface: it loads at once however long the contract is, and a link into it says in its address what
//! it shows (`interface.CartService.html#getCart`). All pages lie in one directory and name each other relatively, so
//! they work from a disk and under any address. Nothing is fetched from elsewhere, and no page needs its script.
//!
//! Identifiers that are not of the contract have a `-`, which no name of a contract can have.

mod comment;
mod errors;
mod example;
mod interface;
mod overview;
mod page;
mod search;
mod shown;
mod site;
mod types;

use std::fmt;

use pintle_core::Contract;
use pintle_core::contract::Struct;

use crate::File;
use site::Site;

/// Bytes of one name. Names stand in file names, which systems limit, and in every link to what they name.
pub const MAX_NAME: usize = 128;

/// Definitions and their members: methods, parameters, raised errors, fields (inherited ones at each struct that has
/// them), values. Bounds the size of the pages.
pub const MAX_ITEMS: usize = 100_000;

/// Why there is no reference of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// This name is longer than [`MAX_NAME`].
    LongName(String),
    /// There are more than [`MAX_ITEMS`] definitions and members.
    TooLarge,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::LongName(name) => {
                let start: String = name.chars().take(40).collect();
                let length = name.len();
                write!(f, "the name {start}… has {length} bytes: pages are made for at most {MAX_NAME}")
            }
            Refusal::TooLarge => write!(
                f,
                "the contract has more than {MAX_ITEMS} definitions and members (inherited fields count at each \
                 struct): pages are made for at most that many"
            ),
        }
    }
}

impl std::error::Error for Refusal {}

/// The reference of `contract`: files for one directory, the same ones for the same contract.
///
/// # Errors
/// The contract is larger than anything that a person reads: see [`Refusal`].
pub fn generate(contract: &Contract) -> Result<Vec<File>, Refusal> {
    within_bounds(contract)?;
    let site = Site::new(contract);
    let mut files = vec![overview::page(&site)];
    files.extend(contract.interfaces().iter().map(|interface| interface::page(&site, interface)));
    files.extend(site.namespaces().map(|namespace| types::page(&site, namespace)));
    files.push(errors::page(&site));
    files.push(search::index(&site));
    files.push(File::new("style.css", include_str!("style.css")));
    files.push(File::new("script.js", include_str!("script.js")));
    Ok(files)
}

fn within_bounds(contract: &Contract) -> Result<(), Refusal> {
    let mut items = 0;
    let mut name = |name: &str| {
        items += 1;
        if name.len() > MAX_NAME {
            return Err(Refusal::LongName(name.to_owned()));
        }
        if items > MAX_ITEMS { Err(Refusal::TooLarge) } else { Ok(()) }
    };
    name(contract.namespace())?;
    for interface in contract.interfaces() {
        name(&interface.name)?;
        for method in &interface.methods {
            name(&method.name)?;
            method.parameters.iter().try_for_each(|parameter| name(&parameter.name))?;
            method.raises.iter().try_for_each(|error| name(error))?;
        }
    }
    for item in contract.structs() {
        name(&item.name)?;
        for owner in lineage(contract, item) {
            owner.fields.iter().try_for_each(|field| name(&field.name))?;
        }
    }
    for item in contract.enums() {
        name(&item.name)?;
        item.values.iter().try_for_each(|value| name(&value.name))?;
    }
    contract.errors().iter().try_for_each(|error| name(&error.name))
}

/// `item` and its parents, the nearest first.
fn lineage<'a>(contract: &'a Contract, item: &'a Struct) -> impl Iterator<Item = &'a Struct> {
    std::iter::successors(Some(item), |item| contract.parent(item))
}
