//! Plugins in every language: each passes the cases of `examples/languages`, and `pintle new` starts one that passes its own
//! test.
//!
//! `cargo xtask test --only languages` builds them; with `--languages all` in those languages, too, whose tools are large.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use pintle_tests::{artifact, binary, directory};
use serde_json::Value;

/// What was built, of which the first four are always there.
fn built() -> Vec<String> {
    let list = fs::read_to_string(artifact("languages/built")).expect("what was built");
    let list: Vec<String> = list.lines().map(str::to_owned).collect();
    for language in ["rust", "c", "assemblyscript", "wat"] {
        assert!(list.iter().any(|name| name == language), "{language} was not built");
    }
    list
}

/// A server that reads calls from its standard input. The carts are in its plugin's memory.
struct Server {
    process: Child,
    _directory: tempfile::TempDir,
}

impl Server {
    fn start(language: &str) -> Server {
        let directory_of_server = tempfile::tempdir().expect("a directory");
        let manifest = directory_of_server.path().join("pintle.toml");
        let contract = directory("../examples/languages/shop.pulse");
        let plugin = artifact(&format!("languages/{language}.wasm"));
        let text = format!(
            "contract = {contract:?}\n[[plugin]]\npath = {plugin:?}\nisolation = \"single\"\ncompile_time = \"5m\"\n\
             [[listen]]\nkind = \"stdio\"\n"
        );
        fs::write(&manifest, text).expect("a manifest");
        let mut serve = Command::new(binary("pintle"));
        serve.arg("serve").arg(&manifest).args(["--log", "error"]);
        serve.env("XDG_CACHE_HOME", directory_of_server.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        Server { process: serve.spawn().expect("a server"), _directory: directory_of_server }
    }

    /// Sends everything, then reads one line for each reply.
    fn answer(&mut self, requests: &[Value]) -> Vec<Value> {
        let mut to = self.process.stdin.take().expect("its input");
        let from = BufReader::new(self.process.stdout.take().expect("its output"));
        let mut replies =
            from.lines().map(|line| serde_json::from_str(&line.expect("a line")).expect("JSON"));
        let answered = requests.iter().map(|request| {
            // One at a time: calls of one connection run side by side.
            writeln!(to, "{request}").expect("sent");
            replies.next().expect("a reply")
        });
        answered.collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// JSON whose numbers are the same ones: languages write 179 and 179.0.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn every_language_passes_the_cases() {
    let cases = fs::read_to_string(directory("../examples/languages/cases.jsonl")).expect("the cases");
    let cases: Vec<Value> = cases.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    for language in built() {
        // Without a parser of JSON, carts are no pleasure.
        let served = if language == "wat" { "CatalogService." } else { "" };
        let cases: Vec<&Value> = cases
            .iter()
            .filter(|case| case["send"]["method"].as_str().is_some_and(|method| method.starts_with(served)))
            .collect();
        let requests: Vec<Value> = cases.iter().map(|case| case["send"].clone()).collect();
        let replies = Server::start(&language).answer(&requests);
        assert!(replies.len() >= 10, "{language}: few cases");
        for (case, reply) in cases.iter().zip(&replies) {
            let expected = &case["reply"];
            assert!(same(reply, expected), "{language}: {}\n  {reply}\n  {expected}", case["case"]);
        }
    }
}

#[test]
fn the_interfaces_of_components_are_made_from_the_contract() {
    let made = tempfile::tempdir().expect("a directory");
    let mut generate = Command::new(binary("pintle"));
    generate.args(["gen", "wit"]).arg(directory("../examples/languages/shop.pulse"));
    passes(generate.arg("-o").arg(made.path()));
    let kept = fs::read(directory("../examples/languages/wit/checkout.wit")).expect("the interfaces");
    assert!(
        fs::read(made.path().join("checkout.wit")).expect("a generated file") == kept,
        "pintle gen wit examples/languages/shop.pulse -o examples/languages/wit"
    );
}

#[test]
fn the_cases_are_of_a_part_of_the_checkout_service() {
    let mut diff = Command::new(binary("pintle"));
    diff.args(["diff", "--rules", "strict"]).arg(directory("../examples/languages/shop.pulse"));
    let output = diff.arg(directory("../examples/checkout/checkout.pulse")).output().expect("pintle diff");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A project as `pintle new` makes it, and what runs its test.
struct Project {
    directory: PathBuf,
    language: String,
}

impl Project {
    /// In a place of its own that is the same each time, so that compilers can know what they have done.
    fn new(language: &str, contract: &Path, name: &str) -> Project {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new").join(language).join(name);
        let _ = fs::remove_dir_all(&place);
        let mut new = Command::new(binary("pintle"));
        passes(new.arg("new").arg(language).arg(&place).arg("--contract").arg(contract));
        Project { directory: place, language: language.to_owned() }
    }

    /// The project's own test, with the tools that `cargo xtask test` installed and without a network.
    fn test(&self) -> Output {
        let (program, args): (&str, &[&str]) = match self.language.as_str() {
            "rust" => (env!("CARGO"), &["test", "--offline"]),
            "c" | "zig" => ("make", &["test", "ZIG=python-zig"]),
            "wat" => ("make", &["test"]),
            "assemblyscript" | "javascript" => ("npm", &["test"]),
            "go" => ("go", &["test", "."]),
            "python" => ("pytest", &["-p", "no:cacheprovider"]),
            other => panic!("nobody said how {other} is tested"),
        };
        let tools = ["usual", "all"].map(|set| artifact_or_not("outside/languages").join(set));
        let bins =
            tools.iter().flat_map(|tools| [tools.join("python/bin"), tools.join("node/node_modules/.bin")]);
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(bins.chain(env::split_paths(&path))).expect("a path");
        let link = match self.language.as_str() {
            // As if by `npm install`.
            "assemblyscript" => Some(("node_modules", tools[0].join("node/node_modules"))),
            "javascript" => Some(("node_modules", tools[1].join("node/node_modules"))),
            // What projects depend on is compiled once.
            "rust" => Some(("target", Path::new(env!("CARGO_TARGET_TMPDIR")).join("new/rust-target"))),
            _ => None,
        };
        if let Some((name, to)) = link
            && !self.directory.join(name).exists()
        {
            fs::create_dir_all(&to).expect("a directory");
            std::os::unix::fs::symlink(to, self.directory.join(name)).expect("a link");
        }
        let mut test = Command::new(which(program, &path));
        test.args(args).current_dir(&self.directory).env("PATH", &path).env("PINTLE", binary("pintle"));
        test.env("ZIG_GLOBAL_CACHE_DIR", artifact_or_not("outside/languages/zig"));
        test.env("GOCACHE", artifact_or_not("outside/languages/go"))
            .env("GOTOOLCHAIN", "local")
            .env("GOPROXY", "off");
        test.env("XDG_CACHE_HOME", &self.directory);
        // Not those of this workspace.
        for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "GOFLAGS"] {
            test.env_remove(name);
        }
        test.output().unwrap_or_else(|why| panic!("{program}: {why}"))
    }

    /// Makes the first method answer something else.
    fn break_a_handler(&self) {
        let file = self.directory.join(match self.language.as_str() {
            "rust" => "src/lib.rs",
            "c" => "plugin.c",
            "zig" => "src/plugin.zig",
            "assemblyscript" => "assembly/plugin.ts",
            "go" => "plugin.go",
            "javascript" => "plugin.js",
            "python" => "plugin.py",
            _ => "plugin.wat",
        });
        let text = fs::read_to_string(&file).expect("the handlers");
        let broken = text.replacen(" is not implemented", " is broken", 1);
        assert!(broken != text, "{}: no handler", self.language);
        fs::write(file, broken).expect("the handlers");
    }
}

/// The program as `path` has it: a command is otherwise looked for where this process would.
fn which(program: &str, path: &OsStr) -> PathBuf {
    let found = env::split_paths(path).map(|dir| dir.join(program)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{program} is missing: cargo xtask test --only languages"))
}

/// Below the target directory.
fn artifact_or_not(path: &str) -> PathBuf {
    artifact("languages").parent().expect("the target directory").join(path)
}

fn passes(command: &mut Command) -> Output {
    let output = command.output().expect("a process");
    assert!(output.status.success(), "{command:?}\n{}", shown(&output));
    output
}

fn shown(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn names_and_shapes_that_a_language_has_no_room_for_build_too() {
    let awkward = fs::read_to_string(directory("contracts/awkward.pulse")).expect("the contract");
    let without = Path::new(env!("CARGO_TARGET_TMPDIR")).join("awkward_without_self.pulse");
    fs::write(&without, awkward.replace("self int", "myself int")).expect("a contract");
    for language in built().into_iter().filter(|language| language != "rust-component") {
        // componentize-py gives every method a `self` of its own, which its page says.
        let contract = match language.as_str() {
            "python" => without.clone(),
            _ => directory("contracts/awkward.pulse"),
        };
        let output = Project::new(&language, &contract, "awkward").test();
        assert!(output.status.success(), "{language}\n{}", shown(&output));
    }
}

#[test]
fn a_new_project_passes_its_own_test_and_fails_it_once_it_is_broken() {
    // Side by side: some compilers use one processor.
    std::thread::scope(|scope| {
        for language in built().into_iter().filter(|language| language != "rust-component") {
            scope.spawn(move || {
                let project =
                    Project::new(&language, &directory("../examples/checkout/checkout.pulse"), "my-shop");
                let output = project.test();
                assert!(output.status.success(), "{language}\n{}", shown(&output));
                let mut config = Command::new(binary("pintle"));
                passes(config.args(["serve", "--print-config"]).current_dir(&project.directory));
                project.break_a_handler();
                let output = project.test();
                let said = shown(&output);
                assert!(!output.status.success(), "{language} passes with a broken handler\n{said}");
                assert!(said.contains("is broken"), "{language} fails for another reason\n{said}");
            });
        }
    });
}
