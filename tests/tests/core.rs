//! The cases, over the core in this process.

use pintle_tests::{Core, accept, run};

#[test]
fn every_case_over_the_core() {
    if std::env::var_os("PINTLE_ACCEPT").is_some() {
        accept(Core::open);
    }
    run(Core::open);
}
