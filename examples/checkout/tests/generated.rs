//! `src/checkout.rs` is what the generator makes of `checkout.pulse`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use pintle_core::idl::{Loader, parse};

struct Directory(PathBuf);

impl Loader for Directory {
    fn load(&mut self, key: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(key)).map_err(|why| why.to_string())
    }
}

#[test]
fn the_module_is_made_from_the_contract() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let contract = parse("checkout.pulse", &mut Directory(here.to_owned())).contract.expect("a contract");
    for file in pintle_toolchain::rust::generate(&contract).expect("code") {
        let path = here.join("src").join(&file.path);
        if env::var_os("PINTLE_ACCEPT").is_some() {
            fs::write(&path, &file.text).expect("the file can be written");
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == file.text,
            "src/{} is not of this contract: regenerate it with \
             `pintle gen rust examples/checkout/checkout.pulse -o examples/checkout/src`",
            file.path
        );
    }
}
