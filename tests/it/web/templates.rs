//! In charge of every template meeting its context: a missing variable never waits for a user. The contexts lie in
//! `tests/it/contexts`, named after their template with `/` as `__`; what follows `@` is a case.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use sportello::model::person::Language;
use sportello::web::assets::Assets;
use sportello::web::templates::Templates;

const CONTEXTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/contexts");
const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");

fn contexts() -> Vec<(String, Value)> {
    let files = std::fs::read_dir(CONTEXTS).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        (name, serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap())
    };
    files.map(read).collect()
}

/// The name of the template of a context.
fn template(context: &str) -> String {
    context.split('@').next().unwrap_or_default().replace("__", "/")
}

#[test]
fn every_page_is_drawn_from_its_contexts_in_each_language() {
    let templates = Templates::new(Arc::new(Assets::load())).unwrap();
    for (name, context) in contexts() {
        for language in Language::ALL {
            let drawn = templates.render(language, &template(&name), &context);
            let page = drawn.unwrap_or_else(|fault| panic!("{name} in {}: {fault:?}", language.as_str()));
            assert!(page.contains("</html>") && !page.contains("{{") && !page.contains("{%"), "{name}");
            assert!(page.contains("id=\"contenuto\""), "{name} has no place for the skip link to lead to");
        }
    }
}

#[test]
fn every_page_has_a_context() {
    let mut pages = BTreeSet::new();
    collect(Path::new(TEMPLATES), &mut pages);
    let told: BTreeSet<String> = contexts().iter().map(|(name, _)| template(name)).collect();
    assert_eq!(told, pages);
}

/// The pages: templates that extend the frame.
fn collect(folder: &Path, pages: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "tera")
            && std::fs::read_to_string(&path).unwrap().contains("{% extends")
        {
            let name = path.strip_prefix(TEMPLATES).unwrap().to_str().unwrap();
            pages.insert(name.trim_end_matches(".html.tera").to_string());
        }
    }
}
