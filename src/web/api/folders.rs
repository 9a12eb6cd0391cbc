//! In charge of the resource `folders` of a mailbox.

use rocket::{State, get};
use serde::Serialize;

use super::{ApiResult, List, window};
use crate::hub::reading;
use crate::mail::imap::INBOX;
use crate::model::id::MailboxId;
use crate::model::message::{Folder, FolderRole};
use crate::model::page::Page;
use crate::people::rights::Act;
use crate::web::Site;
use crate::web::guard::{Asker, Caller};

/// A folder of a mailbox. In addresses its name is percent-encoded as one segment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Folder)]
pub struct View {
    name: String,
    /// What it is for, as the server says or as its name tells.
    role: Option<FolderRole>,
    /// This and the two that follow are null when the server would not say.
    total: Option<u32>,
    unread: Option<u32>,
    /// The numbering of its messages (UIDVALIDITY): when it changes, a `uid` is another message's.
    uid_validity: Option<u32>,
}

impl View {
    fn of(folder: Folder) -> View {
        let Folder { name, role, total, unread, uid_validity } = folder;
        View { name, role, total, unread, uid_validity }
    }
}

/// The folders of a mailbox that may hold messages, INBOX first, then by name
#[utoipa::path(get, path = "/mailboxes/{id}/folders", tag = "messages", params(("id" = String, Path), ("limit" = Option<u32>, Query),
    ("cursor" = Option<String>, Query)), responses((status = 200, body = List<View>)))]
#[get("/api/v1/mailboxes/<id>/folders?<limit>&<cursor>")]
pub async fn list(
    id: MailboxId,
    limit: Option<&str>,
    cursor: Option<&str>,
    caller: Caller,
    site: &State<Site>,
) -> ApiResult<List<View>> {
    let mailbox = caller.mailbox(site, &id, Act::OpenMailbox).await?;
    let window = window(limit, cursor)?;
    let mut folders = reading::folders(&site.app, &caller.actor(), &mailbox).await?;
    if let Some(last) = window.after.as_ref().and_then(|after| after.text(0)) {
        // INBOX, the first, comes in no later part.
        folders.retain(|one| one.role != Some(FolderRole::Inbox) && (one.name.as_str() > last || last == INBOX));
    }
    Ok(List::of(Page::cut(folders, &window, |one| vec![one.name.clone()]), View::of))
}
