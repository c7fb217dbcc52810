//! The built-ins that list methods: what they say of a contract, mounts and built-ins included.

use pintle_core::idl::{Loader, parse};
use pintle_core::{Builtin, Engine};

const CONTRACT: &str = "namespace shop
// What a customer has *chosen*.
//
//  - in `carts`, see Cart_ or a_b
interface Carts {
    // Pays. \\ |x| \u{202e}
    pay(cart Cart, ways []Way, tip int [optional]) map[string]Cart [optional] raises (Empty, Gone)
    drop_(id string)
}
struct Cart { id string }
enum Way { cash card }
errors { 1 Empty \"There is `nothing`\" 2 Gone \"\" }";

struct One;

impl Loader for One {
    fn load(&mut self, _key: &str) -> Result<String, String> {
        Ok(CONTRACT.into())
    }
}

fn answer(method: &str) -> serde_json::Value {
    let contract = parse("shop.pulse", &mut One).contract.expect("a contract");
    let own = Builtin::text("more", "One of the shell.", "1");
    let engine =
        Engine::builder(contract).commands(true).mount("a.b", "Carts").mount("", "Carts").builtin(own);
    let engine = engine.build().expect("an engine");
    let call = format!(r#"{{"jsonrpc":"2.0","method":"{method}","id":1}}"#);
    let reply = engine.handle(call, |_, _| Ok("1")).expect("a reply");
    serde_json::from_slice::<serde_json::Value>(&reply).expect("JSON")["result"].take()
}

#[test]
fn documentation_says_all_that_the_contract_says_and_no_markup_comes_of_it() {
    let text = answer("documentation");
    let text = text.as_str().expect("text");
    let interface = r"shop
====

Carts
-----

| What a customer has \*chosen\*.
|
| - in \`carts\`, see Cart\_ or a_b

";
    assert!(text.starts_with(interface), "{text}");
    for name in ["a.b.pay\n~~~~~~~", "pay\n~~~"] {
        let method = r"

| Pays. \\ \|x\| \\u{202e}

- ``cart``: ``shop.Cart``
- ``ways``: ``[]one of cash, card``
- ``tip``: ``int``, optional
- answers ``map[string]shop.Cart`` or ``null``
- fails with ``1``: There is \`nothing\`
- fails with ``2``: 

";
        assert!(text.contains(&format!("\n\n{name}{method}")), "{text}");
    }
    assert!(text.contains("drop\\_\n~~~~~~\n\n- ``id``: ``string``\n- answers ``null``\n\n"), "{text}");
    let (_, server) = text.split_once("\n\nserver\n------\n\n").expect("built-ins");
    assert!(
        server.contains("echo\n~~~~\n\n| Answers its message.\n\n- ``message``: ``string``, optional\n\n")
    );
    assert!(server.contains("more\n~~~~\n\n| One of the shell."));
}

#[test]
fn functions_list_names_every_method_once_for_each_mount() {
    let list = answer("functions_list");
    let list = list.as_array().expect("a list");
    let names: Vec<&str> = list.iter().map(|entry| entry[0].as_str().expect("a name")).collect();
    let builtins =
        ["documentation", "drop_", "echo", "functions_list", "more", "pay", "ping", "pulserpc-idl"];
    assert_eq!(names, [&["a.b.drop_", "a.b.pay"], &builtins[..]].concat());
    for entry in list.iter().filter(|entry| entry[0].as_str().is_some_and(|name| name.ends_with("pay"))) {
        let about = serde_json::json!({"doc": "Pays. \\ |x| \u{202e}", "section": "Carts"});
        assert_eq!(entry[1], about);
    }
}
