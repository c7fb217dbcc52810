//! Python and the host: the client that is made from a contract buys in the checkout example, and `pintle call` calls
//! a shop that is written in Python.

#[path = "../../toolchain/tests/outside/mod.rs"]
mod outside;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use pintle_core::Contract;
use pintle_core::idl::{self, Loader};
use pintle_toolchain::python;

/// A process that prints where it listens.
struct Listening {
    child: Child,
    url: String,
}

impl Listening {
    fn start(mut command: Command) -> Listening {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening ").unwrap_or_else(|| panic!("{line}")).to_owned();
        Listening { child, url }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn script(name: &str) -> PathBuf {
    root().join("toolchain/tests/python").join(name)
}

fn contract() -> Contract {
    struct Example;
    impl Loader for Example {
        fn load(&mut self, key: &str) -> Result<String, String> {
            fs::read_to_string(root().join("examples/checkout").join(key)).map_err(|why| why.to_string())
        }
    }
    idl::parse("checkout.pulse", &mut Example).contract.unwrap()
}

/// What both commands for Python write.
fn written() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in python::client(&contract()).into_iter().chain(python::server(&contract())) {
        let path = dir.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.text).unwrap();
    }
    dir
}

#[test]
fn the_client_buys_from_the_plugin() {
    let dir = written();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let plugin = target.join("wasm32-unknown-unknown/guest/checkout.wasm");
    assert!(plugin.exists(), "{} is missing: cargo xtask test --only guests", plugin.display());
    let mut serve = Command::new(env!("CARGO_BIN_EXE_pintle"));
    let contract = root().join("examples/checkout/checkout.pulse");
    let manifest = dir.path().join("pintle.toml");
    let text = format!(
        "contract = {contract:?}\nkv = {{ store = \"memory\" }}\n\
         [[plugin]]\npath = {plugin:?}\ngrants = {{ kv = \"checkout\" }}\n"
    );
    fs::write(&manifest, text).unwrap();
    serve.arg("serve").arg(manifest).args(["--http", "127.0.0.1:0"]).env("XDG_CACHE_HOME", dir.path());
    let server = Listening::start(serve);
    let mut buyer = outside::python();
    buyer.arg("-B").arg(script("conversation.py")).arg(dir.path()).arg(&server.url).env("no_proxy", "*");
    assert_eq!(outside::passes(buyer), "the conversation is over\n");
}

#[test]
fn a_shop_in_python_answers_the_command_line() {
    let dir = written();
    for mut interpreter in [outside::python(), Command::new("jython")] {
        interpreter.arg("-B").arg(script("shop.py")).arg(dir.path());
        let shop = Listening::start(interpreter);
        let call = |args: &[&str]| {
            let mut pintle = Command::new(env!("CARGO_BIN_EXE_pintle"));
            let output = pintle.args(["call", &shop.url]).args(args).output().unwrap();
            let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
            (output.status.code(), out, err)
        };
        let (code, out, err) = call(&["CatalogService.getProduct", "productId=desk"]);
        assert_eq!((code, out.contains("\"Stands up with you\"")), (Some(0), true), "{out}{err}");
        let added = r#"[{"productId":"mouse","quantity":2}]"#;
        let (code, out, err) = call(&["CartService.addToCart", added]);
        assert_eq!((code, out.contains("59.98")), (Some(0), true), "{out}{err}");
        let (code, out, err) =
            call(&["CartService.addToCart", r#"[{"cartId":"cart_9","productId":"mouse","quantity":2}]"#]);
        assert_eq!((code, err.contains("Cart not found")), (Some(1), true), "{out}{err}");
        // The contract that the shop tells refuses this before it is sent.
        let (code, out, err) = call(&["CartService.getCart", "[7]"]);
        assert_eq!((code, err.contains("not sent: ")), (Some(1), true), "{out}{err}");
        let (code, out, err) = call(&["CartService.getCart", "[7]", "--unchecked"]);
        assert_eq!((code, err.contains("Invalid params")), (Some(1), true), "{out}{err}");
    }
}
