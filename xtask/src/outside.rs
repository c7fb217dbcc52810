//! The tools of other fields that judge what the toolchain writes: from PyPI, from npm, from Debian.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::setup::{command, root, run, target, tool};

/// Installs all of them, each only if its list has changed since. Tests find them through `toolchain/tests/outside`.
pub(crate) fn install() -> Outcome {
    let lists = root().join("toolchain/tests/outside");
    python(&lists.join("requirements.txt"), &target().join("outside/python"))?;
    // The checker of HTML, a package of npm, runs in it.
    tool("java", "default-jre-headless")?;
    jython(&lists.join("jython.txt"), &target().join("outside/jython"))?;
    node(&lists, &target().join("outside/node"))
}

/// Installs the packages that the npm package is built with; answers where `node_modules` is.
pub(crate) fn wasm_packages() -> Result<PathBuf, String> {
    let dir = target().join("outside/wasm");
    node(&root().join("wasm/npm"), &dir)?;
    Ok(dir)
}

/// Installs the runtimes and bundlers that the npm package is proved in; answers where `node_modules` is.
pub(crate) fn runtimes() -> Result<PathBuf, String> {
    let dir = target().join("outside/runtimes");
    node(&root().join("wasm/npm/test"), &dir)?;
    Ok(dir)
}

/// Installs the compilers and bundlers of `lists`, a directory below `tests/languages`; answers where they are: `python`, a
/// virtual environment, and `node`, with `node_modules`.
pub(crate) fn compilers(lists: &str) -> Result<PathBuf, String> {
    let (from, to) =
        (root().join("tests/languages").join(lists), target().join("outside/languages").join(lists));
    python(&from.join("requirements.txt"), &to.join("python"))?;
    node(&from, &to.join("node"))?;
    Ok(to)
}

/// Installs what the npm package is compared with; answers where `node_modules` is.
pub(crate) fn npm_peers() -> Result<PathBuf, String> {
    let dir = target().join("outside/npm-peers");
    node(&root().join("wasm/npm/bench"), &dir)?;
    Ok(dir)
}

/// A virtual environment with the packages of `list`.
fn python(list: &Path, dir: &Path) -> Outcome {
    installed(list, dir, |dir| {
        tool("python3", "python3")?;
        let mut venv = command("python3", "-m venv --clear");
        venv.arg(dir);
        // Debian keeps the module `venv` in a package of its own.
        if run(venv).is_err() {
            run(command("apt-get", "install -q -y --no-install-recommends python3-venv"))?;
            let mut venv = command("python3", "-m venv --clear");
            venv.arg(dir);
            run(venv)?;
        }
        let mut pip = command(
            &dir.join("bin/python").to_string_lossy(),
            "-m pip install -q --disable-pip-version-check",
        );
        pip.arg("-r").arg(list);
        run(pip)
    })
}

/// The sources of the packages of `list`, each in a directory of its own, compiled by Jython.
fn jython(list: &Path, dir: &Path) -> Outcome {
    installed(list, dir, |dir| {
        tool("jython", "jython")?;
        let python = target().join("outside/python/bin/python");
        let python = python.to_string_lossy();
        let mut pip =
            command(&python, "-m pip download -q --disable-pip-version-check --no-deps --no-binary :all:");
        pip.arg("-r").arg(list).arg("-d").arg(dir);
        run(pip)?;
        let packages = fs::read_dir(dir).map_err(|why| format!("{}: {why}", dir.display()))?;
        for package in packages.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()) {
            let mut unpack = command(&python, "-c");
            unpack.arg("import shutil, sys; shutil.unpack_archive(*sys.argv[1:])").arg(package).arg(dir);
            run(unpack)?;
        }
        // Now, because tests that run side by side would all do it.
        // Not a package's own tests, nor what a Mac left beside its files.
        let mut compile = command("jython", r"-m compileall -q -x (/\._|/tests?/)");
        compile.arg(dir);
        run(compile)
    })
}

/// A directory with the packages that `lists/package-lock.json` names.
fn node(lists: &Path, dir: &Path) -> Outcome {
    installed(&lists.join("package-lock.json"), dir, |dir| {
        tool("node", "nodejs")?;
        tool("npm", "npm")?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(lists.join(name), dir.join(name))
                .map_err(|why| format!("{}: {why}", lists.join(name).display()))?;
        }
        let mut npm = command("npm", "ci --no-audit --no-fund --ignore-scripts");
        npm.current_dir(dir);
        run(npm)
    })
}

/// Runs `install` unless the last one that succeeded had the same list.
fn installed(list: &Path, dir: &Path, install: impl FnOnce(&Path) -> Outcome) -> Outcome {
    let cannot = |path: &Path, why: std::io::Error| format!("{}: {why}", path.display());
    let mark = dir.with_extension("installed");
    let wanted = fs::read(list).map_err(|why| cannot(list, why))?;
    if fs::read(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    fs::create_dir_all(dir).map_err(|why| cannot(dir, why))?;
    install(dir)?;
    fs::write(&mark, wanted).map_err(|why| cannot(&mark, why))
}
