//! In charge of what `audit verify` finds: whatever is done to the rows by somebody who can write SQL (`security.md` 4).

use crate::support::app::TestApp;
use crate::support::binary;
use crate::support::database::TestDatabase;

/// A trace of some rows, and the number of its last.
async fn trace() -> (std::sync::Arc<TestDatabase>, i64) {
    let app = TestApp::start().await;
    app.cast().await;
    let database = app.end().await;
    let last = database.number("SELECT MAX(seq) FROM audit").await;
    assert!(last >= 8, "{last} rows");
    (database, last)
}

#[tokio::test]
async fn a_whole_chain_is_told_whole() {
    let (database, last) = trace().await;
    let said = binary::run(&database, &["audit", "verify"]).await.well();
    assert_eq!(said.out, format!("{last} rows, the chain holds\n"));
}

#[tokio::test]
async fn a_changed_row_is_named_whatever_was_changed_in_it() {
    let app = TestApp::start().await;
    app.cast().await;
    let flip = |column: &str| format!("UPDATE audit SET {column} = {column} || 'x' WHERE seq = 3");
    for (sql, back) in [
        (flip("actor"), "actor"),
        (flip("action"), "action"),
        (flip("subject"), "subject"),
        (flip("detail"), "detail"),
        (flip("ip"), "ip"),
        ("UPDATE audit SET at = at + 1 WHERE seq = 3".to_string(), "at"),
    ] {
        let entry =
            sportello::store::audit::after(&mut app.app.db.read().await.unwrap(), 2, 1).await.unwrap().remove(0);
        assert_eq!(app.database.execute(&sql).await, 1);
        let verdict = sportello::audit::verify(&app.app).await.unwrap();
        assert_eq!(
            (verdict.rows, verdict.broken.map(|one| one.to_string())),
            (2, Some("row 3 is not what was written".into())),
            "{sql}"
        );
        let undo = match back {
            "at" => "UPDATE audit SET at = at - 1 WHERE seq = 3".to_string(),
            _ => {
                let old = match back {
                    "actor" => &entry.actor,
                    "action" => &entry.action,
                    "subject" => &entry.subject,
                    "detail" => &entry.detail,
                    _ => &entry.ip,
                };
                format!("UPDATE audit SET {back} = '{old}' WHERE seq = 3")
            }
        };
        app.database.execute(&undo).await;
        assert_eq!(sportello::audit::verify(&app.app).await.unwrap().broken, None, "{undo}");
    }
    app.database.execute("UPDATE audit SET detail = 'nothing happened' WHERE seq = 3").await;
    let said = binary::run(&app.database, &["audit", "verify"]).await;
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(1), "the chain is broken after 2 good rows: row 3 is not what was written\n")
    );
}

#[tokio::test]
async fn a_deleted_row_a_swapped_row_and_a_cut_tail_are_named() {
    let check = async |sql: &[String], expected: String| {
        let (database, last) = trace().await;
        for sql in sql {
            database.execute(&sql.replace("LAST", &last.to_string())).await;
        }
        let said = binary::run(&database, &["audit", "verify"]).await;
        assert_eq!(said.code, Some(1), "{said:?}");
        let expected = expected.replace("BEFORE", &(last - 1).to_string());
        assert!(said.out.contains(&expected), "{expected}: {}", said.out);
    };
    let texts = |sql: &[&str]| sql.iter().map(|one| one.to_string()).collect::<Vec<_>>();
    check(&texts(&["DELETE FROM audit WHERE seq = 4"]), "a row is missing before row 5".into()).await;
    check(
        &texts(&[
            "UPDATE audit SET seq = 1004 WHERE seq = 4",
            "UPDATE audit SET seq = 4 WHERE seq = 5",
            "UPDATE audit SET seq = 5 WHERE seq = 1004",
        ]),
        "row 4 does not follow from the one before it".into(),
    )
    .await;
    check(&texts(&["DELETE FROM audit WHERE seq = LAST"]), "rows after row BEFORE have been cut off".into()).await;
    let head = "UPDATE audit_head SET seq = LAST - 1, hash = (SELECT hash FROM audit WHERE seq = LAST - 1)";
    check(
        &texts(&["DELETE FROM audit WHERE seq = LAST", head]),
        "the head of the chain is not what was written".into(),
    )
    .await;
    let all = texts(&["DELETE FROM audit", "DELETE FROM audit_head"]);
    check(&all, "the head of the chain is not what was written".into()).await;
}
