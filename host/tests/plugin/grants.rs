//! What a guest reaches outside of its sandbox, by trying.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use pintle::plugin::{Dir, FailureKind, Grants, Isolation, Plugin, PluginOptions};

use crate::{Got, WASI, WASI2, call, engine, load, options, plugin};

const FILES: &str = include_str!("../guests/files.wat");

/// A directory `inside` and what lies beside it.
fn tree() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let inside = tree.path().join("inside");
    fs::create_dir_all(inside.join("sub")).unwrap();
    fs::write(inside.join("file"), r#""within""#).unwrap();
    fs::write(tree.path().join("outside"), r#""leaked""#).unwrap();
    fs::create_dir(tree.path().join("inside2")).unwrap();
    fs::write(tree.path().join("inside2/file"), r#""leaked""#).unwrap();
    std::os::unix::fs::symlink("../outside", inside.join("link")).unwrap();
    std::os::unix::fs::symlink(tree.path().join("outside"), inside.join("absolute")).unwrap();
    std::os::unix::fs::symlink("..", inside.join("up")).unwrap();
    std::os::unix::fs::symlink("file", inside.join("good")).unwrap();
    tree
}

async fn granted(inside: &Path, write: bool) -> Arc<Plugin> {
    let dir = Dir { host: inside.to_owned(), guest: "/data".to_owned(), write };
    let env = vec![("LEVEL".to_owned(), "debug".to_owned())];
    let grants = Grants { env, dirs: vec![dir], ..Grants::default() };
    plugin(FILES, PluginOptions { grants, ..options(Isolation::Pool) }).await
}

async fn does(plugin: &Plugin, what: &str) -> String {
    match call(plugin, &format!("[{what:?}]")).await.unwrap() {
        Got::Result(result) => result.trim().to_owned(),
        Got::Error(code) => panic!("{what}: {code}"),
    }
}

/// The error with this number, or any.
async fn refuses(plugin: &Plugin, what: &str) {
    let answer = does(plugin, what).await;
    assert!(answer.parse::<u32>().is_ok_and(|error| error > 0), "{what}: {answer}");
}

const OUTSIDE: [&str; 8] = [
    "../outside",
    "sub/../../outside",
    "link",
    "absolute",
    "up/outside",
    "../inside2/file",
    "/etc/passwd",
    "..",
];

#[tokio::test]
async fn a_guest_reads_what_it_is_granted() {
    let tree = tree();
    let plugin = granted(&tree.path().join("inside"), false).await;
    assert_eq!(does(&plugin, "e").await, r#""LEVEL=debug""#);
    assert_eq!(does(&plugin, "n").await, r#""/data""#);
    for path in ["file", "good", "./file", "sub/../file"] {
        assert_eq!(does(&plugin, &format!("r{path}")).await, r#""within""#, "{path}");
    }
}

#[tokio::test]
async fn modules_and_components_see_the_same() {
    let tree = tree();
    for form in [WASI, WASI2] {
        let dir = Dir { host: tree.path().join("inside"), guest: "/data".to_owned(), write: false };
        let env = vec![("LEVEL".to_owned(), "debug".to_owned())];
        let grants = Grants { env, dirs: vec![dir], ..Grants::default() };
        let plugin = plugin(form, PluginOptions { grants, ..options(Isolation::Pool) }).await;
        // One variable and one directory.
        assert_eq!(call(&plugin, r#"["a"]"#).await.unwrap(), Got::Result("2".to_owned()));
    }
}

#[tokio::test]
async fn nothing_above_a_directory_is_reached() {
    let tree = tree();
    for write in [false, true] {
        let plugin = granted(&tree.path().join("inside"), write).await;
        for path in OUTSIDE {
            for letter in ["r", "w", "d", "u"] {
                // What is removed of a link is the link.
                if !(letter == "u" && (path == "link" || path == "absolute")) {
                    refuses(&plugin, &format!("{letter}{path}")).await;
                }
            }
        }
    }
    assert_eq!(fs::read_to_string(tree.path().join("outside")).unwrap(), r#""leaked""#);
    assert!(tree.path().join("inside2/file").exists());
}

#[tokio::test]
async fn what_may_only_be_read_is_not_written() {
    let tree = tree();
    let inside = tree.path().join("inside");
    let plugin = granted(&inside, false).await;
    let before = fs::read_dir(&inside).unwrap().count();
    for what in ["wfile", "wnew", "wsub/new", "dnew", "ufile", "ulink", "ynew"] {
        refuses(&plugin, what).await;
    }
    assert_eq!(fs::read_dir(&inside).unwrap().count(), before);
    assert_eq!(fs::read_to_string(inside.join("file")).unwrap(), r#""within""#);

    let plugin = granted(&inside, true).await;
    for what in ["wnew", "dmade", "ufile", "wsub/new"] {
        assert_eq!(does(&plugin, what).await, "0", "{what}");
    }
    assert_eq!(fs::read(inside.join("new")).unwrap().len(), 1);
    assert!(inside.join("made").is_dir() && !inside.join("file").exists());
    // A link that the guest makes itself leads nowhere either.
    does(&plugin, "yown").await;
    refuses(&plugin, "rown").await;
    refuses(&plugin, "wown").await;
}

#[tokio::test]
async fn without_a_grant_there_is_neither_file_nor_variable() {
    let plugin = plugin(FILES, options(Isolation::Pool)).await;
    assert_eq!(does(&plugin, "e").await, "0");
    for what in ["n", "rfile", "wfile", "dnew", "ufile", "ynew", "r/etc/passwd", "r../outside"] {
        refuses(&plugin, what).await;
    }
}

#[tokio::test]
async fn a_directory_that_is_gone_is_said() {
    let tree = tree();
    let inside = tree.path().join("inside");
    let dir = Dir { host: inside.clone(), guest: "/data".to_owned(), write: false };
    let grants = Grants { dirs: vec![dir], ..Grants::default() };
    let options = PluginOptions { grants, ..options(Isolation::Call) };
    let plugin = load(&engine(), FILES, options.clone()).await.unwrap();
    fs::rename(&inside, tree.path().join("moved")).unwrap();
    let failure = call(&plugin, r#"["rfile"]"#).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Trap);
    assert!(failure.reason.contains("inside"), "{failure}");
    assert_eq!(plugin.counts().live, 0);
    let error = load(&engine(), FILES, options).await.unwrap_err();
    assert!(error.to_string().contains("cannot be opened"), "{error}");
}

/// Files that are open are the process's: a guest has few of them.
#[tokio::test]
async fn a_guest_cannot_use_up_the_open_files() {
    let tree = tree();
    let plugin = granted(&tree.path().join("inside"), false).await;
    match call(&plugin, r#"["hfile"]"#).await {
        Ok(answer) => assert_ne!(answer, Got::Result("99".to_owned())),
        Err(failure) => assert_eq!(failure.kind, FailureKind::Trap, "{failure}"),
    }
    assert_eq!(does(&plugin, "rfile").await, r#""within""#);
}
