//! What each layer of a service may not use (the table of `services/README.md`).

use std::path::Path;

use crate::tree;

/// A layer, by its place below `services/<service>/src`, and the words that it may not use.
const RULES: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "async",
            "await",
            "proto",
            "sea_orm",
            "serde_json",
            "tracing",
            "tokio",
            "kit_store",
            "kit_bus",
            "kit_service",
        ],
    ),
    ("app", &["tonic", "axum", "async_nats", "proto"]),
    ("store", &["proto", "kit_bus", "async_nats", "tonic", "axum"]),
    ("wire", &["crate::store", "sea_orm", "kit_store", "reqwest"]),
    ("consume", &["sea_orm"]),
    ("rpc", &["sea_orm"]),
    ("sweep", &["sea_orm"]),
];

/// The layer that `path` belongs to, if it is part of a service.
fn layer(path: &Path) -> Option<String> {
    let text = tree::relative(path);
    let rest = text.strip_prefix("services/")?;
    let (service, inside) = rest.split_once("/src/")?;
    if service.contains('/') || ["guichet", "networks", "workspace"].contains(&service) {
        return None;
    }
    Some(inside.split(['/', '.']).next().unwrap_or_default().to_owned())
}

#[test]
fn each_layer_uses_only_what_it_may() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for path in tree::files(&["rs"]) {
        let Some(layer) = layer(&path) else { continue };
        let code = tree::code(&path);
        for (_, forbidden) in RULES.iter().filter(|(name, _)| *name == layer) {
            seen += 1;
            for word in forbidden.iter().filter(|word| tree::mentions(&code, word)) {
                broken.push(format!("{} uses {word}", tree::relative(&path)));
            }
        }
    }
    assert!(seen > 10, "the rules found only {seen} files: are the folders still named so?");
    assert!(broken.is_empty(), "layers broken:\n{}", broken.join("\n"));
}
