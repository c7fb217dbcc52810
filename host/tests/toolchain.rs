//! What the command line makes from contracts: `fmt`, `check`, `convert`, `diff`, `gen`, `docs`.

mod command;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use command::{file, pintle, run, serve};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

const CHECKOUT: &str = include_str!("../../examples/checkout/checkout.pulse");

/// A contract that Barrister can express.
const CONTACTS: &str = "// Who is where.\ninterface Contacts {\n    // Nothing, if nobody has this name.\n    \
                        find(name string) Person [optional]\n}\n\nstruct Person {\n    name string\n}\n";

/// A contract with a mistake at 4:12.
const BROKEN: &str = "namespace a\n\ninterface A {\n    f(item Itm) Item\n}\n\nstruct Item {}\n";

/// The JSON form of a contract with a name that would leave a directory.
const BAD_NAME: &str =
    r#"{"rootNamespace":"../a","structs":[{"name":"../../S","namespace":"../a","fields":[]}]}"#;

const PETS: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      tags: [Pets]
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
      responses:
        '200':
          description: One pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string}
        tag: {type: string, nullable: true}
";

fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap()
}

/// The contract as it is printed: comments that document nothing are not part of it.
fn printed(text: &str) -> &str {
    text.split_once("\n").unwrap().1
}

#[test]
fn fmt_rewrites_what_is_not_laid_out() {
    let dir = tempdir().unwrap();
    let ugly = "namespace a // stays\nstruct S{ a int\n bbb string [optional] }";
    let laid_out = "namespace a // stays\n\nstruct S {\n    a   int\n    bbb string [optional]\n}\n";
    let (good, bad) = (file(&dir, "good.pulse", CHECKOUT), file(&dir, "bad.pulse", ugly));
    let broken = file(&dir, "broken.pulse", "struct S {");

    assert_eq!(run(&["fmt", "--check", &good, &bad], ""), (Some(1), format!("{bad}\n"), String::new()));
    assert_eq!(text(&bad), ugly);
    let (code, out, _) = run(&["fmt", "--check", "--json", &bad], "");
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &out["contracts"][0]["changed"]), (Some(1), &true.into()));

    // One that cannot be laid out keeps no other from it, and stays as it is.
    let (code, out, err) = run(&["fmt", &broken, &bad, &good], "");
    assert_eq!((code, out), (Some(1), format!("{bad}\n")));
    assert!(err.starts_with(&format!("{broken}:1:11: error: ")), "{err}");
    assert_eq!((text(&bad).as_str(), text(&broken).as_str()), (laid_out, "struct S {"));
    assert_eq!(run(&["fmt", &bad], ""), (Some(0), String::new(), String::new()));

    // But a file that cannot be read keeps all from being written.
    fs::write(&bad, ugly).unwrap();
    assert_eq!(run(&["fmt", &bad, "/nowhere.pulse"], "").0, Some(3));
    assert_eq!(text(&bad), ugly);

    assert_eq!(run(&["fmt", "-"], ugly), (Some(0), laid_out.to_owned(), String::new()));
    assert_eq!(run(&["fmt", "--check", "-"], ugly), (Some(1), "-\n".to_owned(), String::new()));
    let (code, out, err) = run(&["fmt", "-"], "struct S {");
    assert_eq!((code, out.as_str(), err.starts_with("stdin:1:11: ")), (Some(1), "", true), "{err}");
    assert_eq!(run(&["fmt", "-"], "{}").0, Some(1));
    assert_eq!(names(&dir), ["bad.pulse", "broken.pulse", "good.pulse"]);
}

#[cfg(unix)]
#[test]
fn fmt_keeps_permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = tempdir().unwrap();
    let real = file(&dir, "real.pulse", "namespace   a");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let link = dir.path().join("link.pulse");
    symlink("real.pulse", &link).unwrap();
    assert_eq!(run(&["fmt", link.to_str().unwrap()], "").0, Some(0));
    assert!(link.is_symlink());
    assert_eq!(text(&real), "namespace a\n");
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn check_tells_what_other_systems_refuse() {
    let dir = tempdir().unwrap();
    let (checkout, contacts) = (file(&dir, "c.pulse", CHECKOUT), file(&dir, "c.idl", CONTACTS));
    let check = |args: &[&str]| run(&[&["check"], args].concat(), "");
    assert_eq!(check(&["--portable", "pulserpc", &checkout]), (Some(0), String::new(), String::new()));
    assert_eq!(check(&["--portable", "barrister", &contacts]).0, Some(0));
    let (code, out, _) = check(&["--portable", "barrister", &checkout]);
    assert_eq!(code, Some(1));
    assert!(out.contains(&format!("{checkout}:124:10: error: ")) && out.contains("| "), "{out}");
    let (_, json, _) = run(&["convert", &checkout, "--to", "json"], "");
    let (code, out, _) = run(&["check", "-", "--portable", "barrister", "--json"], &json);
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &out["valid"]), (Some(1), &false.into()));
    assert_eq!(out["contracts"][0]["diagnostics"][0]["item"], "checkout.CartNotFound");
}

#[test]
fn the_checkout_contract_survives_other_forms() {
    let dir = tempdir().unwrap();
    let checkout = file(&dir, "checkout.pulse", CHECKOUT);
    for form in ["json", "openapi"] {
        let (code, there, err) = run(&["convert", &checkout, "--to", form], "");
        assert_eq!((code, err.as_str()), (Some(0), ""), "{form}");
        let (code, back, err) = run(&["convert", "-", "--to", "pulse"], &there);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{form}");
        assert_eq!(back, printed(CHECKOUT), "{form}");
        assert_eq!(run(&["convert", "-", "--to", form], &back).1, there, "{form}");
    }
    for (form, key) in [("openrpc", "openrpc"), ("jsonschema", "$defs")] {
        let (code, document, _) = run(&["convert", &checkout, "--to", form], "");
        let document: Value = serde_json::from_str(&document).unwrap();
        assert!(code == Some(0) && document.get(key).is_some(), "{form}");
    }
    let (_, schema, _) = run(&["convert", &checkout, "--to", "jsonschema", "--type", "Address"], "");
    assert!(schema.contains("\"zipCode\"") && !schema.contains("\"productId\""), "{schema}");

    let (code, out, err) = run(&["convert", &checkout, "--to", "barrister", "-o", &path(&dir, "out")], "");
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("CartNotFound: Barrister has no"), "{err}");
    assert!(!dir.path().join("out").exists());
}

#[test]
fn barrister_becomes_pulse_and_back() {
    let dir = tempdir().unwrap();
    let contacts = file(&dir, "contacts.idl", CONTACTS);
    let (code, json, _) = run(&["convert", &contacts, "--to", "barrister"], "");
    assert!(code == Some(0) && json.starts_with("[{\"type\":\"interface\""), "{json}");
    let (code, back, err) = run(&["convert", "-", "--to", "pulse"], &json);
    assert_eq!((code, back.as_str()), (Some(0), CONTACTS));
    assert!(err.contains("--namespace"), "{err}");
    let (code, pulse, err) = run(&["convert", "-", "--to", "pulse", "--namespace", "contacts"], &json);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(pulse, format!("namespace contacts\n\n{CONTACTS}"));
    assert_eq!(run(&["convert", "-", "--to", "pulse", "--namespace", "../x"], &json).0, Some(1));
    assert_eq!(run(&["check", "-"], &pulse).0, Some(0));
}

#[test]
fn openapi_is_read_and_what_is_lost_is_told() {
    let dir = tempdir().unwrap();
    let pets = file(&dir, "pets.yaml", PETS);
    let (code, pulse, err) = run(&["convert", &pets, "--to", "pulse"], "");
    assert_eq!(code, Some(0), "{err}");
    assert!(pulse.contains("getPet(id int) Pet") && pulse.contains("tag  string [optional]"), "{pulse}");
    let place = "pets.yaml:9:";
    assert!(err.contains(place) && err.contains(": warning: /paths/~1pets~1{id}/get/parameters/0"), "{err}");
    assert!(err.contains("minimum"), "{err}");
    let (code, out, _) = run(&["check", &pets, "--json"], "");
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, out["contracts"][0]["warnings"][0]["line"].as_u64()), (Some(0), Some(9)));
    let (code, out, err) = run(&["convert", &pets, "--to", "pulse", "--strict"], "");
    assert_eq!((code, out.as_str(), err.contains("--strict")), (Some(1), "", true), "{err}");
    // From standard input nobody says that it is YAML.
    assert_eq!(run(&["convert", "-", "--to", "pulse"], PETS).1, pulse);
    let elsewhere = PETS.replace("#/components/schemas/Pet", "http://localhost/pets.yaml#/Pet");
    let (code, out, err) = run(&["convert", "-", "--to", "pulse"], &elsewhere);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("stdin:13:") && err.contains("/schema"), "{err}");
}

const LANGUAGES: [&[&str]; 6] =
    [&["ts"], &["ts", "--bigint"], &["rust"], &["python"], &["python", "--server"], &["wit"]];

fn path(dir: &TempDir, name: &str) -> String {
    dir.path().join(name).to_str().unwrap().to_owned()
}

/// The names in a directory, sorted.
fn names(dir: &TempDir) -> Vec<String> {
    files(dir.path()).into_keys().collect()
}

/// Everything below a directory; directories alone count as well.
fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            let within = files(&entry.path());
            assert!(!within.is_empty(), "{name} is an empty directory");
            found.extend(within.into_iter().map(|(path, text)| (format!("{name}/{path}"), text)));
        } else {
            found.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    found
}

/// What `gen` and `docs` are asked for, without the directory.
fn outputs(contract: &str) -> Vec<Vec<&str>> {
    let generated = LANGUAGES.iter().map(|language| [&["gen"], *language, &[contract]].concat());
    generated.chain([vec!["docs", contract], vec!["convert", contract, "--to", "pulse"]]).collect()
}

#[test]
fn outputs_are_whole_and_touch_nothing_else() {
    let dir = tempdir().unwrap();
    let checkout = file(&dir, "checkout.pulse", CHECKOUT);
    for (number, args) in outputs(&checkout).into_iter().enumerate() {
        // The directory above is missing too.
        let out = path(&dir, &format!("a/{number}"));
        let with = |flags: &[&str]| run(&[&args[..], &["-o", out.as_str()], flags].concat(), "");
        let (code, told, err) = with(&[]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{args:?}");
        let made = files(Path::new(&out));
        let mut told: Vec<&str> = told
            .lines()
            .map(|line| line.strip_prefix(out.as_str()).unwrap().trim_start_matches('/'))
            .collect();
        told.sort_unstable();
        assert_eq!(told, made.keys().collect::<Vec<_>>(), "{args:?}");
        assert!(
            !made.is_empty() && made.values().all(|text| text.is_empty() || text.ends_with('\n')),
            "{args:?}"
        );

        // Again, over what is there already and beside what is somebody else's.
        let first = made.keys().next().unwrap();
        fs::write(Path::new(&out).join(first), "old").unwrap();
        fs::write(Path::new(&out).join("mine.txt"), "mine").unwrap();
        let (code, told, _) = with(&["--json"]);
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!((code, told["files"].as_array().unwrap().len()), (Some(0), made.len()));
        let mut again = files(Path::new(&out));
        assert_eq!(again.remove("mine.txt").as_deref(), Some("mine"));
        assert_eq!(again, made, "{args:?}");
    }
}

#[test]
fn bad_input_leaves_no_output() {
    let dir = tempdir().unwrap();
    let broken = file(&dir, "broken.pulse", BROKEN);
    let bad_name = file(&dir, "bad-name.json", BAD_NAME);
    let not_json = file(&dir, "not.json", "{\"interfaces\":");
    let yaml = file(&dir, "bad.yaml", "openapi: 3.0.0\npaths: {a: [}\n");
    let cases = [
        (broken.as_str(), 1, "broken.pulse:4:12: error: "),
        (&bad_name, 1, "/structs/0/name"),
        (&not_json, 1, "not.json: error: "),
        (&yaml, 1, "bad.yaml:2:"),
        ("/nowhere.pulse", 3, "error: /nowhere.pulse: "),
        ("http://127.0.0.1:1/", 3, "the contract of http://127.0.0.1:1/ cannot be had"),
    ];
    let before = names(&dir);
    for (contract, code, told) in cases {
        for args in outputs(contract) {
            let (got, out, err) = run(&[&args[..], &["-o", path(&dir, "a/b").as_str()][..]].concat(), "");
            assert_eq!((got, out.as_str()), (Some(code), ""), "{args:?}\n{err}");
            assert!(err.contains(told), "{args:?}\n{err}");
            assert_eq!(names(&dir), before, "{args:?}");
        }
    }
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let dir = tempdir().unwrap();
    let checkout = file(&dir, "checkout.pulse", CHECKOUT);
    for args in outputs(&checkout) {
        let to = |out: &str| run(&[&args[..], &["-o", out][..]].concat(), "");
        let (code, out, err) = to(&checkout);
        assert_eq!((code, out.as_str(), err.contains("is no directory")), (Some(3), "", true), "{err}");
        assert_eq!(to(&format!("{checkout}/below")).0, Some(3));
        // Too long for a name: what was made on the way there goes again.
        assert_eq!(to(&path(&dir, &format!("new/{}", "x".repeat(300)))).0, Some(3));
        assert!(!dir.path().join("new").exists());
        assert_eq!(names(&dir), ["checkout.pulse"], "{args:?}");
    }
    // A directory stands where a file belongs: nothing is replaced, not even what could be.
    let out = path(&dir, "out");
    run(&["gen", "python", &checkout, "-o", &out], "");
    let mut made = files(Path::new(&out));
    let last = made.pop_last().unwrap().0;
    fs::remove_file(Path::new(&out).join(&last)).unwrap();
    fs::create_dir(Path::new(&out).join(&last)).unwrap();
    fs::write(Path::new(&out).join(&last).join("mine"), "mine\n").unwrap();
    for name in made.keys() {
        fs::write(Path::new(&out).join(name), "old").unwrap();
    }
    let (code, _, err) = run(&["gen", "python", &checkout, "-o", &out], "");
    assert_eq!((code, err.contains("is a directory")), (Some(3), true), "{err}");
    let mut found = files(Path::new(&out));
    assert_eq!(found.remove(&format!("{last}/mine")).as_deref(), Some("mine\n"));
    assert!(found.len() == made.len() && found.values().all(|text| text == "old"), "{found:?}");
}

#[cfg(unix)]
#[test]
fn a_directory_of_others_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let checkout = file(&dir, "checkout.pulse", CHECKOUT);
    let out = path(&dir, "out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    let (code, _, err) = run(&["docs", &checkout, "-o", &out], "");
    // Permissions bind everybody but the administrator.
    if rustix::process::geteuid().is_root() {
        assert_eq!(code, Some(0));
    } else {
        assert_eq!((code, err.contains(&out)), (Some(3), true), "{err}");
    }
}

#[test]
fn a_running_server_is_a_contract() {
    let dir = tempdir().unwrap();
    let checkout = file(&dir, "checkout.pulse", CHECKOUT);
    let server = serve("checkout.pulse", CHECKOUT, &[]);
    let url = server.url.as_str();
    assert_eq!(run(&["convert", url, "--to", "pulse"], "").1, printed(CHECKOUT));
    assert_eq!(run(&["check", "--portable", "pulserpc", url], "").0, Some(0));
    for args in outputs(url) {
        let (code, _, err) = run(&[&args[..], &["-o", path(&dir, "out").as_str()][..]].concat(), "");
        assert_eq!((code, err.as_str()), (Some(0), ""), "{args:?}");
    }
    // Nothing serves an interface here, so there is nothing to discover but the document itself.
    let (code, document, _) = run(&["call", url, "rpc.discover"], "");
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!((code, &document["methods"]), (Some(0), &serde_json::json!([])));
    assert!(document["components"]["schemas"]["Address"].is_object());
    // This contract has errors, which Barrister does not know.
    let (code, _, err) = run(&["call", url, "barrister-idl"], "");
    assert_eq!((code, err.contains("-32601")), (Some(1), true), "{err}");
    let contacts = serve("contacts.idl", CONTACTS, &[]);
    let (_, barrister, _) = run(&["convert", &file(&dir, "contacts.idl", CONTACTS), "--to", "barrister"], "");
    let (code, answer, _) = run(&["call", &contacts.url, "barrister-idl"], "");
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!((code, json(&answer)), (Some(0), json(&barrister)));
    assert_eq!(run(&["check", &checkout, url], "").0, Some(0));
}

/// Answers one request after the other, each on a connection of its own, with what belongs to its method.
fn answering(replies: Vec<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (method, reply) in replies {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            let asked = String::from_utf8(request).unwrap().contains(&format!("\"{method}\""));
            let reply = if asked { reply } else { "{}".to_owned() };
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{reply}", reply.len()).unwrap();
        }
    });
    url
}

#[test]
fn a_server_of_barrister_is_asked_in_its_own_words() {
    let dir = tempdir().unwrap();
    let (_, barrister, _) = run(&["convert", &file(&dir, "contacts.idl", CONTACTS), "--to", "barrister"], "");
    let unknown = |id: u32| {
        let error = r#"{"code":-32601,"message":"Method not found"}"#;
        format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#)
    };
    let known = format!(r#"{{"jsonrpc":"2.0","id":2,"result":{}}}"#, barrister.trim());
    let pulserpc = ("pulserpc-idl", unknown(1));
    let url = answering(vec![pulserpc.clone(), ("barrister-idl", known)]);
    assert_eq!(run(&["convert", &url, "--to", "pulse"], "").1, CONTACTS);
    let (code, _, err) = run(&["check", &answering(vec![pulserpc, ("barrister-idl", unknown(2))])], "");
    assert_eq!((code, err.contains("Method not found (-32601)")), (Some(3), true), "{err}");
    let evil = format!(r#"{{"jsonrpc":"2.0","id":1,"result":{BAD_NAME}}}"#);
    let (code, out, _) = run(&["check", &answering(vec![("pulserpc-idl", evil)])], "");
    assert_eq!((code, out.contains("/rootNamespace")), (Some(1), true), "{out}");
}

#[test]
fn diff_gates_a_change() {
    let dir = tempdir().unwrap();
    let old = file(&dir, "old.pulse", CHECKOUT);
    let diff = |new: &str, flags: &[&str]| {
        let new = file(&dir, "new.pulse", new);
        run(&[&["diff", &old, &new], flags].concat(), "")
    };
    let same = "compatible by the rules of pulserpc: no differences\n".to_owned();
    assert_eq!(diff(CHECKOUT, &[]), (Some(0), same, String::new()));

    let gone = CHECKOUT.replace("    clearCart(cartId string) bool\n", "");
    let (code, out, _) = diff(&gone, &[]);
    assert_eq!(code, Some(1));
    assert!(out.starts_with("error: method CartService.clearCart: "), "{out}");
    assert!(out.ends_with("\nincompatible by the rules of pulserpc: 1 error\n"), "{out}");

    // What is returned may be missing now: the peer's rules let it pass, a strict gate does not.
    let optional = CHECKOUT.replace("    subtotal float\n", "    subtotal float [optional]\n");
    let (code, out, _) = diff(&optional, &["--json"]);
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &out["compatible"], &out["rules"]), (Some(0), &true.into(), &"pulserpc".into()));
    assert_eq!(out["deltas"][0]["member"], "subtotal");
    let (code, out, _) = diff(&optional, &["--rules", "strict"]);
    assert_eq!(code, Some(1));
    let reached = "\n  reached by CartService.addToCart, CartService.getCart, OrderService.getOrder\n";
    assert!(out.contains("error: field Cart.subtotal: ") && out.contains(reached), "{out}");

    let server = serve("checkout.pulse", &gone, &[]);
    assert_eq!(run(&["diff", "-", &server.url], CHECKOUT).0, Some(1));
    assert_eq!(run(&["diff", &server.url, "-"], CHECKOUT).0, Some(0));
    assert_eq!(run(&["diff", &old, "/nowhere.pulse"], "").0, Some(3));
    let (code, out, err) = run(&["diff", &old, "-"], BROKEN);
    assert_eq!((code, out.as_str(), err.starts_with("stdin:4:12: ")), (Some(1), "", true), "{err}");
    assert_eq!(run(&["diff", "-", "-"], CHECKOUT).0, Some(2));
}

#[test]
fn flags_that_do_not_fit_are_refused() {
    let dir = tempdir().unwrap();
    let checkout = file(&dir, "checkout.pulse", CHECKOUT);
    let cases: &[&[&str]] = &[
        &["convert", &checkout, "--to", "nothing"],
        &["convert", &checkout],
        &["convert", &checkout, "--to", "openapi", "--type", "Cart"],
        &["convert", &checkout, "--to", "jsonschema", "--type", "Nothing"],
        &["convert", &checkout, "--to", "json", "--json"],
        &["gen", "ts", &checkout],
        &["gen", "cobol", &checkout, "-o", "x"],
        &["gen", "ts", "--server", &checkout, "-o", "x"],
        &["gen", "rust", "--bigint", &checkout, "-o", "x"],
        &["docs", &checkout],
        &["fmt"],
        &["fmt", "-", &checkout],
        &["check", &checkout, "--portable", "nothing"],
    ];
    for args in cases {
        let (code, out, err) = run(args, "");
        assert_eq!((code, out.as_str(), err.is_empty()), (Some(2), "", false), "{args:?}");
    }
    assert_eq!(names(&dir), ["checkout.pulse"]);
}

#[test]
fn a_contract_of_several_files_needs_a_directory() {
    let dir = tempdir().unwrap();
    file(&dir, "inc.pulse", "namespace inc\n\nstruct Thing {}\n");
    let root = file(
        &dir,
        "root.pulse",
        "import \"inc.pulse\"\n\nnamespace root\n\nstruct Other extends inc.Thing {}\n",
    );
    let (code, out, err) = run(&["convert", &root, "--to", "pulse"], "");
    assert_eq!((code, out.as_str(), err.contains("2 files")), (Some(2), "", true), "{err}");
    let (code, _, _) = run(&["convert", &root, "--to", "pulse", "-o", &path(&dir, "out")], "");
    assert_eq!((code, text(&path(&dir, "out/inc.pulse"))), (Some(0), text(&path(&dir, "inc.pulse"))));
    assert_eq!(text(&path(&dir, "out/root.pulse")), text(&root));
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    // More than a pipe holds.
    let values: String = (0..20_000).map(|number| format!("    value{number}\n")).collect();
    let dir = tempdir().unwrap();
    let long = file(&dir, "long.pulse", &format!("namespace a\n\nenum E {{\n{values}}}\n"));
    for args in [&["convert", &long, "--to", "json"][..], &["fmt", "-"], &["check", "--json", &long]] {
        let mut command = pintle(args);
        command.stdin(fs::File::open(&long).unwrap()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{args:?}");
    }
}
