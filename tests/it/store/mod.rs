//! In charge of what the rest of the house relies on from both databases alike.

use sportello::clock::Moment;
use sportello::model::id::OrganizationId;
use sportello::model::organization::{Area, Organization};
use sportello::store::{self, Db, is_taken};

use crate::support::app::BEGINNING;
use crate::support::database::TestDatabase;

fn comune(code: &str) -> Organization {
    Organization {
        id: OrganizationId::new(),
        code: code.into(),
        name: "Comune".into(),
        tax_code: None,
        areas: vec![Area::Pec],
        email_domains: Vec::new(),
        read_only_view: false,
        active: true,
        created_at: Moment(BEGINNING),
    }
}

#[tokio::test]
async fn a_write_is_seen_when_it_is_committed_and_leaves_nothing_when_it_is_dropped() {
    let database = TestDatabase::new().await;
    let db = Db::open(&database.url).await.unwrap();
    assert!(!db.is_migrated().await);
    db.migrate().await.unwrap();
    assert!(db.is_migrated().await);
    let (one, other) = (comune("a"), comune("b"));
    let mut tx = db.begin().await.unwrap();
    store::organizations::insert(&mut tx, &one).await.unwrap();
    let seen = async |one: &Organization| {
        store::organizations::find(&mut db.read().await.unwrap(), &one.id).await.unwrap().is_some()
    };
    assert!(!seen(&one).await, "who reads does not wait for who writes");
    tx.commit().await.unwrap();
    assert!(seen(&one).await);

    let mut tx = db.begin().await.unwrap();
    store::organizations::insert(&mut tx, &other).await.unwrap();
    drop(tx);
    assert!(!seen(&other).await);
    let mut tx = db.begin().await.unwrap();
    store::organizations::insert(&mut tx, &other).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

#[tokio::test]
async fn what_is_there_already_is_told_apart_from_other_faults() {
    let database = TestDatabase::new().await;
    let db = Db::open(&database.url).await.unwrap();
    db.migrate().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    store::organizations::insert(&mut tx, &comune("C_A111")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let taken = store::organizations::insert(&mut tx, &comune("c_a111")).await.unwrap_err();
    assert!(is_taken(&taken), "{taken}");
    drop(tx);
    database.execute("ALTER TABLE organizations RENAME TO elsewhere").await;
    let mut tx = db.begin().await.unwrap();
    let broken = store::organizations::insert(&mut tx, &comune("b")).await.unwrap_err();
    assert!(!is_taken(&broken), "{broken}");
    drop(tx);
    db.close().await;
}
