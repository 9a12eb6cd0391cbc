//! In charge of files on pages, `/allegati/<id>`: the same download as the API's, for a person with a session, and pictures that are
//! shown where they came.

use rocket::{State, get};

use crate::model::id::AttachmentId;
use crate::web::Site;
use crate::web::api::attachments::{self, Download, download};
use crate::web::guard::Agent;
use crate::web::outcome::Failure;

/// The file.
#[get("/allegati/<id>")]
pub async fn show(id: AttachmentId, agent: Agent, site: &State<Site>) -> Result<Download, Failure> {
    download(site, &agent, &id).await
}

/// The file as a picture, when by its bytes it is one.
#[get("/allegati/<id>/immagine")]
pub async fn picture(id: AttachmentId, agent: Agent, site: &State<Site>) -> Result<Download, Failure> {
    attachments::picture(site, &agent, &id).await
}
