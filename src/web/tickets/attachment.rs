//! In charge of a file's download on pages, `/allegati/<id>`: the same as the API's, for a person with a session.

use rocket::{State, get};

use crate::model::id::AttachmentId;
use crate::web::Site;
use crate::web::api::attachments::{Download, download};
use crate::web::guard::Agent;
use crate::web::outcome::Failure;

/// The file.
#[get("/allegati/<id>")]
pub async fn show(id: AttachmentId, agent: Agent, site: &State<Site>) -> Result<Download, Failure> {
    download(site, &agent, &id).await
}
