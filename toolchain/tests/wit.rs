//! `gen wit`, judged by the tools of its field.

mod goldens;
mod package;

use pintle_core::Contract;
use pintle_toolchain::{File, wit};

fn generated(contract: &Contract) -> Vec<File> {
    wit::generate(contract).expect("it is small enough")
}

#[test]
fn every_package_is_accepted() {
    for (name, contract) in goldens::all() {
        let files = generated(&contract);
        goldens::same(name, "wit", &files);
        package::judged(&files).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}
