//! In charge of the description being the truth: what it tells is what is mounted.

use std::collections::BTreeSet;

use serde_json::Value;
use sportello::web;

use crate::support::app::TestApp;

#[tokio::test]
async fn the_description_tells_exactly_the_operations_that_there_are() {
    let app = TestApp::start().await;
    let description = app.nobodys_api().get("/openapi.json").await.expect(200).json();
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    assert_eq!(description["servers"][0]["url"], "/api/v1");
    let mut told = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            told.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let routes = web::routes().into_iter().filter_map(|route| {
        let path = route.uri.path().strip_prefix("/api/v1")?.replace('<', "{").replace('>', "}");
        (path != "/openapi.json").then(|| format!("{} {path}", route.method))
    });
    assert_eq!(told, routes.collect());
    app.end().await;
}

#[tokio::test]
async fn every_reference_in_the_description_leads_somewhere() {
    let app = TestApp::start().await;
    let description = app.nobodys_api().get("/openapi.json").await.expect(200).json();
    let mut references = BTreeSet::new();
    collect(&description, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(description.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    app.end().await;
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(reference)) => {
                references.insert(reference.clone());
            }
            _ => collect(value, references),
        }),
        Value::Array(list) => list.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
