//! In charge of how fast a token may ask (contract, 5).

use futures::stream::{self, StreamExt};

use crate::support::app::TestApp;

#[tokio::test]
async fn a_token_that_asks_too_fast_is_told_when_to_come_back() {
    let app = TestApp::start().await;
    let (dario, api) = app.dario().await;
    // The bucket holds 300 and fills up while we ask: far fewer than 3,000 empty it.
    let asking = stream::iter(0..3000).map(|_| api.get("/jobs")).buffer_unordered(8);
    let mut asking = std::pin::pin!(asking);
    let mut good = 0;
    let refused = loop {
        let answer = asking.next().await.expect("the bucket is empty before that");
        match answer.status {
            200 => good += 1,
            _ => break answer.expect(429),
        }
    };
    assert!(good >= 300 - 8, "{good} were answered before");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
    assert_eq!(refused.header("content-type"), "application/problem+json");
    app.api(&dario).await.get("/jobs").await.expect(200);
    app.api_with_false_token().get("/jobs").await.expect(401);
    app.end().await;
}
