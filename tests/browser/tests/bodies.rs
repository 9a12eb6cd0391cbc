//! In charge of what a hostile mail does to who opens it in a real browser: nothing runs, nothing is fetched until it is asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::support::mail::MailServer;
use crate::support::until;
use crate::world::in_world;

/// A server that counts who calls.
async fn called() -> (u16, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, calls) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = calls.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, calls)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_mail_runs_nothing_and_fetches_nothing_until_it_is_asked_for() {
    in_world(async |world| {
        let (browser, cast) = (&world.browser, world.app.cast().await);
        let server = MailServer::get();
        let address = server.account("assistenza").await;
        let body = json!({
            "address": address.address, "username": address.address, "password": address.password, "area": "pec",
            "imap": {"host": "127.0.0.1", "port": server.imaps, "security": "tls"},
        });
        world.app.api(&cast.dario).await.post("/intake/mailboxes", body).await.expect(201);
        let (port, calls) = called().await;
        let own = format!("https://127.0.0.1:{port}");
        let html = format!(
            "<style>@import url({own}/a.css);</style><p id=primo style=\"color:#060;background:url({own}/b.png)\">Parole</p>\
             <img src=\"{own}/c.png\"><img src=x onerror=\"new Image().src='{own}/d.png'\">\
             <script>fetch('{own}/e'); parent.postMessage('qui', '*'); top.location = '{own}/f'</script>\
             <iframe src=\"{own}/g\"></iframe><form action=\"{own}/h\"><input autofocus onfocus=\"parent.postMessage('qui','*')\"></form>\
             <link rel=prefetch href=\"{own}/i\"><meta http-equiv=refresh content=\"0;url={own}/l\"><svg onload=\"fetch('{own}/m')\"></svg>"
        );
        let mail = format!(
            "From: Elena <{}>\r\nTo: <{}>\r\nSubject: Ostile\r\nMessage-ID: <o@x.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n",
            cast.elena.email, address.address
        );
        address.deliver_raw(mail.as_bytes()).await;
        let anna = world.app.api(&cast.anna).await;
        until("the request is born", async || {
            let some = anna.get("/tickets").await.expect(200).json();
            (some["items"].as_array().unwrap().len() == 1).then_some(())
        })
        .await;
        let said = anna.get("/tickets/TK-2026-000001/messages").await.expect(200).json();
        let frame = format!("/messaggi/{}/corpo", said["items"][0]["id"].as_str().unwrap());
        world.log_in(&cast.anna).await;
        browser.goto("/operatore/TK-2026-000001").await;
        let asked = format!("performance.getEntriesByType('resource').some((one) => one.name.endsWith('{frame}'))");
        assert_eq!(browser.worth(&asked).await, false, "a body is fetched when it is opened");
        browser.worth("addEventListener('message', () => { window.heard = true; })").await;
        browser.click("details.sp-body > summary").await;
        browser.until("the body is fetched", &asked).await;
        let apart = "(() => { const frame = document.querySelector('.sp-body iframe'); return frame.contentDocument === null; })()";
        browser.until("the frame is an origin of its own", apart).await;
        browser.inspect("a request with the body of a mail open", "it").await;
        // By itself, on a whole page.
        browser.goto(&frame).await;
        browser.until_text("body", "Parole").await;
        assert_eq!(browser.count("script, iframe, form, input, svg, link, meta[http-equiv], [onerror], #primo").await, 0);
        browser.goto("/operatore/TK-2026-000001").await;
        browser.click("details.sp-body > summary").await;
        assert_eq!(browser.worth("window.heard === undefined").await, true);
        assert_eq!(calls.load(Ordering::SeqCst), 0, "nobody was called");
        browser.click("details.sp-body > p > a[target^=corpo]").await;
        until("the picture is asked for", async || (calls.load(Ordering::SeqCst) > 0).then_some(())).await;
    })
    .await
}
