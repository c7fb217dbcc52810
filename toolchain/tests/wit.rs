//! `gen wit`, judged by the tools of its field.

mod goldens;
mod package;

use pintle_core::Contract;
use pintle_toolchain::{File, GenerateError, wit};
use wit_parser::{PackageId, Type, TypeDefKind};

fn generated(contract: &Contract) -> Vec<File> {
    wit::generate(contract).expect("it is small enough")
}

#[test]
fn every_package_is_accepted() {
    for (name, contract) in goldens::all() {
        let files = generated(&contract);
        // The last one is the same for all.
        let (host, own) = files.split_last().expect("files");
        assert_eq!(host.path, "deps/pintle-plugin/plugin.wit");
        goldens::same(name, "wit", own);
        package::judged(&files).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

#[test]
fn the_names_lead_back_to_the_contract() {
    for (name, contract) in goldens::all() {
        let resolve = package::judged(&generated(&contract)).expect("a package");
        let names = wit::names(&contract);
        let own =
            |package: Option<PackageId>| resolve.packages[package.expect("a package")].name.version.is_none();
        let mut worlds = resolve.worlds.iter().filter(|(_, world)| own(world.package));
        let world = worlds.find(|(_, world)| world.name == "plugin").expect("a world").1;
        assert_eq!(world.exports.len(), contract.interfaces().len(), "{name}");
        let interface = |name: &str| {
            let mut all = resolve.interfaces.iter().filter(|(_, found)| own(found.package));
            let found = all.find(|(_, found)| found.name.as_deref() == Some(name));
            found.unwrap_or_else(|| panic!("there is no interface {name}")).1
        };
        for (item, names) in contract.interfaces().iter().zip(&names.interfaces) {
            let functions = &interface(&names.name).functions;
            assert_eq!(functions.len(), item.methods.len());
            for (method, names) in item.methods.iter().zip(&names.methods) {
                let found: Vec<&String> = functions[&names.name].params.iter().map(|p| &p.name).collect();
                assert_eq!(found, names.parameters.iter().collect::<Vec<_>>(), "{}", method.name);
            }
        }
        for names in &names.structs {
            let ty = &resolve.types[interface(&names.interface).types[&names.name]];
            match (&names.fields, &ty.kind) {
                (Some(fields), TypeDefKind::Record(record)) => {
                    let found: Vec<&String> = record.fields.iter().map(|field| &field.name).collect();
                    assert_eq!(found, fields.iter().map(|(_, wit)| wit).collect::<Vec<_>>());
                }
                (None, TypeDefKind::Type(Type::String)) => {}
                (_, kind) => panic!("{} is {kind:?}", names.name),
            }
        }
        for names in names.enums.iter().filter(|names| !names.values.is_empty()) {
            let ty = &resolve.types[interface(&names.interface).types[&names.name]];
            let TypeDefKind::Enum(found) = &ty.kind else { panic!("{} is no enum", names.name) };
            assert!(found.cases.iter().map(|case| &case.name).eq(&names.values));
        }
        let error = &resolve.types[interface("errors").types["error"]];
        let TypeDefKind::Variant(variant) = &error.kind else { panic!("error is no variant") };
        assert!(
            variant.cases.iter().map(|case| case.name.as_str()).eq(names
                .errors
                .iter()
                .map(String::as_str)
                .chain(["other"]))
        );
    }
}

#[test]
fn a_struct_without_a_type_is_text() {
    let (_, contract) = goldens::all().find(|(name, _)| *name == "awkward").expect("a contract");
    let names = wit::names(&contract);
    let form = |name: &str| {
        let at = contract.structs().iter().position(|item| item.name == name).expect("a struct");
        names.structs[at].fields.as_ref().map(Vec::len)
    };
    // Empty; holds itself; holds one that holds itself; holds an empty one.
    assert_eq!((form("Empty"), form("Self"), form("Link")), (None, None, Some(2)));
    assert_eq!((form("Chain"), form("Parent")), (None, Some(4)));
}

/// Each struct holds the one before it `times` times.
fn doubling(steps: usize, times: usize) -> Contract {
    let structs: Vec<String> = (0..steps)
        .map(|at| {
            let ty = match at {
                0 => r#"{"builtIn": "int"}"#.to_owned(),
                _ => format!(r#"{{"userDefined": "S{}"}}"#, at - 1),
            };
            let fields: Vec<String> =
                (0..times).map(|field| format!(r#"{{"name": "f{field}", "type": {ty}}}"#)).collect();
            format!(r#"{{"name": "S{at}", "namespace": "a", "fields": [{}]}}"#, fields.join(","))
        })
        .collect();
    let methods =
        format!(r#"[{{"name": "m", "parameters": [], "returnType": {{"userDefined": "S{}"}}}}]"#, steps - 1);
    goldens::from_json(&format!(
        r#"{{"rootNamespace": "a", "structs": [{}], "interfaces": [{{"name": "I", "namespace": "a", "methods": {methods}}}]}}"#,
        structs.join(",")
    ))
}

#[test]
fn what_is_too_large_for_a_component_is_refused_and_the_rest_is_accepted() {
    let mut accepted = 0;
    for (steps, times) in
        [(4, 10), (15, 2), (16, 2), (17, 2), (18, 2), (20, 2), (60, 2), (2000, 2), (2, 300), (2, 700)]
    {
        match wit::generate(&doubling(steps, times)) {
            Ok(files) => {
                accepted += 1;
                package::judged(&files).unwrap_or_else(|why| panic!("{steps} × {times}: {why}"));
            }
            Err(why) => assert!(matches!(why, GenerateError::TypeTooLarge(_)), "{why}"),
        }
    }
    assert!((2..9).contains(&accepted), "{accepted}");
}
