//! Every crate takes its lints and the versions of its dependencies from the workspace.

use std::path::PathBuf;

use toml::{Table, Value};

use crate::tree;

fn manifests() -> Vec<(PathBuf, Table)> {
    tree::files(&["toml"])
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name == "Cargo.toml"))
        .map(|path| {
            let manifest = tree::read(&path).parse().expect("a manifest is TOML");
            (path, manifest)
        })
        .filter(|(_, manifest): &(PathBuf, Table)| manifest.contains_key("package"))
        .collect()
}

#[test]
fn every_crate_inherits_the_lints_of_the_workspace() {
    for (path, manifest) in manifests() {
        let inherited =
            manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
        assert_eq!(inherited, Some(true), "{}: [lints] workspace = true", tree::relative(&path));
    }
}

#[test]
fn every_crate_inherits_edition_licence_and_rust_version() {
    for (path, manifest) in manifests() {
        for key in ["version", "edition", "license", "rust-version", "publish"] {
            let inherited = manifest["package"]
                .get(key)
                .and_then(|value| value.get("workspace"))
                .and_then(Value::as_bool);
            assert_eq!(inherited, Some(true), "{}: {key}.workspace = true", tree::relative(&path));
        }
    }
}

#[test]
fn every_dependency_is_declared_once_in_the_workspace() {
    for (path, manifest) in manifests() {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(dependencies) = manifest.get(section).and_then(Value::as_table) else {
                continue;
            };
            for (name, declaration) in dependencies {
                let inherited = declaration.get("workspace").and_then(Value::as_bool);
                assert_eq!(
                    inherited,
                    Some(true),
                    "{}: {name}.workspace = true in [{section}]",
                    tree::relative(&path)
                );
            }
        }
    }
}
