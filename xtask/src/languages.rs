//! The shop of `examples/languages`, built from source with each language's own tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::setup::{WASM, cargo, command, component_target, root, run, target, tool, wasm_target};
use crate::{Outcome, outside};

/// Languages whose plugins are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those whose tools are installed within a minute.
    Usual,
    /// All of them: over a gigabyte of tools.
    All,
}

const USUAL: [&str; 4] = ["rust", "c", "assemblyscript", "wat"];
const REST: [&str; 5] = ["rust-component", "zig", "go", "javascript", "python"];

/// Builds `target/languages/LANGUAGE.wasm`, and says in `target/languages/built` which languages the tests can rely on.
pub(crate) fn build(which: Which) -> Outcome {
    tool("make", "make")?;
    wasm_target()?;
    let languages: Vec<&str> = match which {
        Which::Usual => USUAL.to_vec(),
        Which::All => [&USUAL[..], &REST].concat(),
    };
    let tools = Tools::install(which)?;
    let to = target().join("languages");
    let cannot = |why: std::io::Error| format!("{}: {why}", to.display());
    fs::create_dir_all(&to).map_err(cannot)?;
    for language in &languages {
        tools.build(language, &to.join(format!("{language}.wasm")))?;
    }
    fs::write(to.join("built"), languages.join("\n")).map_err(cannot)?;
    if which == Which::Usual {
        println!("not built without `--languages all`: {}", REST.join(", "));
    }
    Ok(())
}

/// Where the tools are.
struct Tools {
    directories: Vec<PathBuf>,
}

impl Tools {
    fn install(which: Which) -> Result<Tools, String> {
        let mut directories = vec![outside::compilers("usual")?];
        if which == Which::All {
            directories.push(outside::compilers("all")?);
        }
        Ok(Tools { directories })
    }

    /// A command in the directory of the language's example, installed or of the system.
    fn command(&self, language: &str, program: &str, args: &str) -> Command {
        let bins = self
            .directories
            .iter()
            .flat_map(|dir| [dir.join("python/bin"), dir.join("node/node_modules/.bin")]);
        let found = bins.map(|bin| bin.join(program)).find(|path| path.is_file());
        let mut command = command(&found.unwrap_or_else(|| program.into()).to_string_lossy(), args);
        command.current_dir(root().join("examples/languages").join(language));
        command.env("ZIG_GLOBAL_CACHE_DIR", target().join("outside/languages/zig"));
        command
    }

    fn build(&self, language: &str, module: &Path) -> Outcome {
        let tool = |program: &str, args: &str| {
            let mut command = self.command(language, program, args);
            command.arg("-o").arg(module);
            run(command)
        };
        match language {
            "rust" => {
                run(cargo(&format!("build --profile guest --target {WASM} -p shop-in-rust")))?;
                copy(&target().join(WASM).join("guest/shop_in_rust.wasm"), module)
            }
            "rust-component" => {
                component_target()?;
                let to = target().join("outside/languages/rust-component");
                let mut build = cargo("build --release --target wasm32-wasip2");
                build.current_dir(root().join("examples/languages/rust-component"));
                build.arg("--target-dir").arg(&to);
                run(build)?;
                copy(&to.join("wasm32-wasip2/release/shop_as_component.wasm"), module)
            }
            "c" => tool(
                "python-zig",
                "cc -target wasm32-wasi -mexec-model=reactor -Os -s -Wall -Wextra -Werror -Wl,-z,stack-size=65536 \
                 -I../../../guest/c shop.c",
            ),
            "assemblyscript" => tool(
                "asc",
                "shop.ts -O --exportStart _initialize --use abort=../../../guest/assemblyscript/pintle/abort",
            ),
            "wat" => tool("wat2wasm", "--enable-annotations shop.wat"),
            "zig" => {
                let mut zig = self.command(
                    language,
                    "python-zig",
                    "build-exe -target wasm32-freestanding -O small -fno-entry -rdynamic -fstrip --stack 65536 \
                     --dep pintle -Mroot=shop.zig -Mpintle=../../../guest/zig/pintle.zig",
                );
                zig.arg("--cache-dir").arg(target().join("outside/languages/zig"));
                zig.arg(format!("-femit-bin={}", module.display()));
                run(zig)
            }
            "go" => {
                let mut go = self.command(language, "go", "build -buildmode=c-shared -o");
                go.arg(module).arg("-ldflags=-s -w").arg(".");
                go.env("GOOS", "wasip1")
                    .env("GOARCH", "wasm")
                    .env("GOTOOLCHAIN", "local")
                    .env("GOPROXY", "off");
                go.env("GOCACHE", target().join("outside/languages/go"));
                run(go)
            }
            "javascript" => tool("componentize-qjs", "--wit ../wit --world plugin --sync --js shop.js"),
            "python" => tool("componentize-py", "-d ../wit -w plugin componentize shop"),
            _ => Err(format!("nobody said how {language} is built")),
        }
    }
}

fn copy(from: &Path, to: &Path) -> Outcome {
    fs::copy(from, to).map(drop).map_err(|why| format!("{} to {}: {why}", from.display(), to.display()))
}
