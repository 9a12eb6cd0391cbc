//! In charge of what is promised about forms: only our own pages can send them. Walks every route that changes something.

use reqwest::Method;
use sportello::web;

use crate::support::app::TestApp;

/// Every page route that is not read only, with something in the place of each parameter.
fn forms() -> Vec<String> {
    let pages = web::routes().into_iter().filter(|route| route.method != rocket::http::Method::Get);
    let paths = pages.map(|route| route.uri.path().to_string()).filter(|path| !path.starts_with("/api/"));
    let fill = |path: String| {
        path.split('/').map(|part| if part.starts_with('<') { "x" } else { part }).collect::<Vec<_>>().join("/")
    };
    paths.map(fill).collect()
}

#[tokio::test]
async fn every_form_is_refused_without_the_token_of_its_page() {
    let app = TestApp::start().await;
    let (dario, _) = app.dario().await;
    let forms = forms();
    assert!(forms.len() >= 7, "{forms:?}");
    for path in &forms {
        let browser = app.browser(&dario).await;
        // Pages for whoever comes carry the visitor's token, all others the session's.
        let is_for_visitors =
            matches!(path.as_str(), "/accedi" | "/password-dimenticata") || path.starts_with("/benvenuto/");
        let page = if is_for_visitors { "/accedi" } else { "/caselle" };
        let other = app.browser(&dario).await.csrf(page).await;
        let csrf = browser.csrf(page).await;
        for fields in [vec![], vec![("csrf", "")], vec![("csrf", "x")], vec![("csrf", other.as_str())]] {
            let answer = browser.post_bare(path, &fields).await;
            assert_eq!(answer.status, 403, "{path} with {fields:?}");
        }
        for (name, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://evil.example"),
            ("Origin", "null"),
        ] {
            let request = browser.request(Method::POST, path).form(&[("csrf", csrf.as_str())]).header(name, value);
            assert_eq!(browser.send(request).await.status, 403, "{path} with {name}: {value}");
        }
        let as_text =
            browser.request(Method::POST, path).header("Content-Type", "text/plain").body(format!("csrf={csrf}"));
        assert_eq!(browser.send(as_text).await.status, 403, "{path} as text");
        let right = browser
            .request(Method::POST, path)
            .form(&[("csrf", csrf.as_str())])
            .header("Sec-Fetch-Site", "same-origin");
        assert_ne!(browser.send(right).await.status, 403, "{path} with the right token is not refused");
    }
    app.end().await;
}

#[tokio::test]
async fn a_visitors_form_needs_the_token_of_the_visitors_page() {
    let app = TestApp::start().await;
    let browser = app.visitor();
    let csrf = browser.csrf("/accedi").await;
    let form = [("email", "a@example.org"), ("password", "x"), ("csrf", csrf.as_str())];
    browser.post_bare("/accedi", &form).await.expect(422);
    app.visitor().post_bare("/accedi", &form).await.expect(403);
    app.visitor().post_bare("/accedi", &form[..2]).await.expect(403);
    let empty = app.visitor().with_cookie("sportello-visitor", "");
    empty.post_bare("/accedi", &[("email", "a@example.org"), ("password", "x"), ("csrf", "")]).await.expect(403);
    app.end().await;
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let browser = app.visitor();
    let long = "x".repeat(70 * 1024);
    browser.post("/accedi", "/accedi", &[("email", &long)]).await.expect(413);
    app.end().await;
}
