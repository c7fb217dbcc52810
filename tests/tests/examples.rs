//! The examples: each is served by its own manifest, and its client says what it should.

#[path = "../../toolchain/tests/outside/mod.rs"]
mod outside;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use pintle_tests::{Server, binary, directory};
use serde_json::Value;

fn example(path: &str) -> PathBuf {
    directory("../examples").join(path)
}

/// A client in plain Python.
fn python(script: &str) -> Command {
    let mut python = Command::new("python3");
    python.arg("-B").arg(example(script)).env("no_proxy", "*");
    python
}

/// Runs a client against a server; what it says is `said`, a file. `PINTLE_ACCEPT=1` writes it: read the difference.
#[track_caller]
fn says(mut client: Command, server: &Server, said: &str) {
    client.args(&server.urls);
    let output = outside::passes(client);
    let said = example(said);
    if env::var_os("PINTLE_ACCEPT").is_some() {
        fs::write(&said, &output).expect("the file can be written");
    }
    let expected = fs::read_to_string(&said).unwrap_or_default();
    assert!(output == expected, "it does not say {}, but\n{output}", said.display());
}

#[test]
fn calculator_answers_as_pulsar_does() {
    let server = Server::example("calculator");
    says(python("calculator/client.py"), &server, "calculator/client.out");
}

#[test]
fn conform_answers_barrister_under_node() {
    let server = Server::example("conform");
    let mut client = Command::new("node");
    client.arg(example("conform/client.js")).env("NODE_PATH", outside::node_dir().join("node_modules"));
    says(client, &server, "conform/client.out");
}

#[test]
fn conform_answers_barrister_under_python_2() {
    let server = Server::example("conform");
    let mut client = outside::jython();
    client.arg(example("conform/client.py"));
    says(client, &server, "conform/client.out");
}

#[test]
fn users_answers_remotipy() {
    let server = Server::example("users");
    let mut client = outside::jython();
    client.arg(example("users/client.py"));
    says(client, &server, "users/client.out");
}

/// What goes wrong for a client of remotipy is an exception in a reply like all others.
#[test]
fn users_answers_bad_bodies_with_exceptions() {
    const NOBODY: &str = r#"{"_class":"Place","_data":{"name":"Bern"}}"#;
    let deep = format!(r#"{{"method":"find","params":[{}"#, "[".repeat(100_000));
    let server = Server::example("users");
    let post = |body: &str, head: &str| http(&server.urls[0], "POST", "/users", head, body);
    for (body, class) in [
        ("", "ValueError"),
        ("nothing", "ValueError"),
        ("[]", "ValueError"),
        (r#"{"method":"find","params":["ada"]"#, "ValueError"),
        (r#"{"params":[]}"#, "ValueError"),
        (r#"{"method":7,"params":[]}"#, "ValueError"),
        (&deep, "InternalError"),
        (r#"{"method":"constructor","params":[]}"#, "MethodNotFound"),
        (r#"{"method":"find","params":[]}"#, "TypeError"),
        (r#"{"method":"find","params":[7]}"#, "TypeError"),
        (&format!(r#"{{"method":"save","params":[{NOBODY}]}}"#), "TypeError"),
        (r#"{"method":"neighbours","params":[{"_class":"Place"}]}"#, "TypeError"),
        (r#"{"method":"neighbours","params":[{"_class":"os.system","_data":{"name":"Bern"}}]}"#, "TypeError"),
        (r#"{"method":"find","params":["nobody"]}"#, "UserNotFound"),
    ] {
        let (status, reply) = post(body, "");
        let reply: Value = serde_json::from_str(&reply).expect("JSON");
        let shown = body.get(..80).unwrap_or(body);
        assert_eq!((status, &reply["exception"]), (200, &Value::Bool(true)), "{shown}: {reply}");
        assert_eq!(
            (&reply["_class"], &reply["_data"]["cls"]),
            (&"SerializableException".into(), &class.into()),
            "{shown}"
        );
    }
    // No content type is needed, so an origin is what keeps pages of others out.
    assert_eq!(post(r#"{"method":"census","params":[]}"#, "Origin: https://evil.example\r\n").0, 403);
    assert_eq!(
        post(r#"{"method":"census","params":[]}"#, "Content-Type: text/plain\r\n"),
        (200, "{}".to_owned())
    );
    assert_eq!(http(&server.urls[0], "GET", "/users", "", "").0, 405);
    assert_eq!(http(&server.urls[0], "POST", "/", "", "{}").0, 404);
}

/// Status and body of one request, in a connection of its own.
fn http(url: &str, verb: &str, path: &str, head: &str, body: &str) -> (u16, String) {
    let authority = url.strip_prefix("http://").expect("a URL").split('/').next().unwrap_or_default();
    let mut stream = std::net::TcpStream::connect(authority).expect("a connection");
    let len = body.len();
    let request = format!(
        "{verb} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n{head}Content-Length: {len}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("a reply");
    let (head, body) = reply.split_once("\r\n\r\n").expect("a head and a body");
    (head[9..12].parse().expect("a status"), body.to_owned())
}

#[test]
fn messenger_answers_as_simplerpc_does() {
    let server = Server::example("messenger");
    says(python("messenger/client.py"), &server, "messenger/client.out");
}

#[test]
fn nobody_but_the_server_tells_messenger_who_comes_and_goes() {
    let server = Server::example("messenger");
    let json = "Content-Type: application/json\r\n";
    for method in ["Connections.opened", "Connections.closed", "Client.said"] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":["*","x"]}}"#);
        let (status, reply) = http(&server.urls[1], "POST", "/", json, &body);
        assert!(status == 200 && reply.contains("-32601"), "{method}: {status} {reply}");
    }
}

/// A buyer of the checkout service.
struct Buyer(String);

impl Buyer {
    fn call(&self, method: &str, params: Value) -> Result<Value, i64> {
        let body = serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let json = "Content-Type: application/json\r\n";
        let (_, reply) = http(&self.0, "POST", "/", json, &body.to_string());
        let mut reply: Value = serde_json::from_str(&reply).expect("JSON");
        match reply["error"]["code"].as_i64() {
            Some(code) => Err(code),
            None => Ok(reply["result"].take()),
        }
    }

    /// A cart with pieces of a product.
    fn cart(&self, product: &str, quantity: i64) -> Value {
        let request = serde_json::json!([{ "productId": product, "quantity": quantity }]);
        self.call("CartService.addToCart", request).expect("a cart")["cartId"].take()
    }

    fn order(&self, cart: &Value) -> Result<Value, i64> {
        let address = serde_json::json!({
            "street": "Quay 1", "city": "Hamburg", "state": "HH", "zipCode": "20457", "country": "DE"
        });
        let request = serde_json::json!([
            { "cartId": cart, "shippingAddress": address, "paymentMethod": "paypal" }
        ]);
        self.call("OrderService.createOrder", request).map(|mut reply| reply["orderId"].take())
    }

    fn stock(&self, product: &str) -> Value {
        self.call("CatalogService.getProduct", serde_json::json!([product])).expect("a product")["stock"]
            .take()
    }
}

#[test]
fn checkout_forgets_nothing_when_its_server_is_killed() {
    let mut server = Server::example("checkout");
    let mut kept = Vec::new();
    for turn in 1..=5 {
        let buyer = Buyer(server.urls[0].clone());
        let (ordered, open) = (buyer.cart("mouse", 2), buyer.cart("keyboard", turn));
        let order = buyer.order(&ordered).expect("an order");
        kept.push((open, order, turn));
        // Right after the reply.
        server.crash();
        let buyer = Buyer(server.urls[0].clone());
        for (cart, order, quantity) in &kept {
            let cart = buyer.call("CartService.getCart", serde_json::json!([cart])).expect("an answer");
            assert_eq!(cart["items"][0]["quantity"], *quantity);
            let order = buyer.call("OrderService.getOrder", serde_json::json!([order])).expect("an answer");
            assert_eq!(order["total"], 59.98);
        }
        assert_eq!(buyer.stock("mouse"), 50 - 2 * turn);
    }
}

#[test]
fn a_store_that_another_server_has_is_refused() {
    let server = Server::example("checkout");
    let mut second = Command::new(binary("pintle"));
    second.arg("serve").arg(server.directory().join("pintle.toml"));
    let output = second.output().expect("a server");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("pintle.kv: another server has it open"), "{said}");
    assert_eq!(Buyer(server.urls[0].clone()).stock("desk"), 2);
}

#[test]
fn of_two_orders_of_the_last_piece_one_gets_it() {
    const BUYERS: usize = 12;
    let server = Server::example("checkout");
    let buyer = Buyer(server.urls[0].clone());
    let at_once = |carts: &[Value]| {
        let start = std::sync::Barrier::new(carts.len());
        std::thread::scope(|scope| {
            let order = |cart| {
                start.wait();
                Buyer(server.urls[0].clone()).order(cart)
            };
            let buyers: Vec<_> = carts.iter().map(|cart| scope.spawn(move || order(cart))).collect();
            buyers.into_iter().map(|buyer| buyer.join().expect("an answer")).collect::<Vec<_>>()
        })
    };
    let won = |orders: &[Result<Value, i64>], refused: i64| {
        assert!(
            orders.iter().all(|order| order.as_ref().err().is_none_or(|code| *code == refused)),
            "{orders:?}"
        );
        orders.iter().filter(|order| order.is_ok()).count()
    };
    assert_eq!(buyer.stock("monitor"), 5);
    let carts: Vec<Value> = (0..BUYERS).map(|_| buyer.cart("monitor", 1)).collect();
    assert_eq!(won(&at_once(&carts), 1004), 5);
    assert_eq!(buyer.stock("monitor"), 0);
    // The same cart, ordered by many: it is empty after the first.
    let cart = buyer.cart("mouse", 3);
    assert_eq!(won(&at_once(&vec![cart; BUYERS]), 1002), 1);
    assert_eq!(buyer.stock("mouse"), 47);
}

#[test]
fn the_plugins_are_made_from_their_contracts() {
    for name in ["calculator", "conform", "messenger", "users"] {
        let made = tempfile::tempdir().expect("a directory");
        let mut generate = Command::new(binary("pintle"));
        generate
            .args(["gen", "rust"])
            .arg(example(&format!("{name}/{name}.pulse")))
            .arg("-o")
            .arg(made.path());
        for path in outside::passes(generate).lines().map(PathBuf::from) {
            let file = path.strip_prefix(made.path()).expect("it is written where it was asked to");
            let kept = example(&format!("{name}/src")).join(file);
            if env::var_os("PINTLE_ACCEPT").is_some() {
                fs::copy(&path, &kept).expect("the file can be written");
            }
            assert!(
                fs::read(&path).expect("a generated file") == fs::read(&kept).unwrap_or_default(),
                "{0} is not of its contract: pintle gen rust examples/{name}/{name}.pulse -o examples/{name}/src",
                kept.display()
            );
        }
    }
}
