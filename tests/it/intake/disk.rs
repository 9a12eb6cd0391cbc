//! In charge of a disk that takes nothing more while mail comes to the desk: nothing is lost, who answers for it is told, and it
//! goes on by itself.

use crate::support::mail::MailServer;
use crate::support::until;

use super::story::desk;

#[tokio::test]
async fn a_disk_that_takes_nothing_stops_the_intake_with_an_alarm_and_loses_no_mail() {
    let server = MailServer::get();
    let desk = desk(server).await;
    let (sara, _) = desk.clerk(server).await;
    desk.write(&sara.address, "Subject: Prima\r\nMessage-ID: <1@sara.example>\r\n", "T").await;
    desk.settled(1).await;
    // Where files would lie, something else does.
    let files = desk.app.app.settings.data_dir.join("files");
    std::fs::rename(&files, files.with_extension("away")).unwrap();
    std::fs::write(&files, "full").unwrap();
    desk.write(&sara.address, "Subject: Seconda\r\nMessage-ID: <2@sara.example>\r\n", "T").await;
    let status = async || {
        let one = desk.api.get("/intake/mailboxes").await.expect(200).json()["items"][0].clone();
        (one["status"].as_str().unwrap().to_string(), one["status_detail"].as_str().map(str::to_string))
    };
    until("it is told", async || (status().await.0 == "temporary_error").then_some(())).await;
    assert!(status().await.1.is_some_and(|detail| detail.contains("non si può conservare")), "{:?}", status().await);
    let alarm = "SELECT COUNT(*) FROM outbox WHERE subject LIKE 'L’assistenza non riceve più posta%'";
    until("who answers for it is told", async || (desk.app.database.number(alarm).await == 1).then_some(())).await;
    let metrics = desk.app.browser(&desk.operator).await.get("/metrics").await.expect(200).text;
    assert!(metrics.contains("sportello_intake_mailboxes{status=\"temporary_error\"} 1"), "{metrics}");
    // There is room again: it goes on by itself.
    std::fs::remove_file(&files).unwrap();
    std::fs::rename(files.with_extension("away"), &files).unwrap();
    desk.settled(2).await;
    assert_eq!(desk.tickets().await.len(), 2);
    until("it is well", async || (status().await.0 == "ok").then_some(())).await;
    assert_eq!(desk.app.database.number(alarm).await, 1, "once");
    desk.app.end().await;
}
