//! In charge of what a program sends: one JSON object, whole, with its content type. Does not know what the fields mean.

use rocket::data::{Data, FromData, Outcome, ToByteUnit};
use rocket::request::Request;

use crate::input::{FieldError, Fields};
use crate::web::outcome::Failure;

/// What was sent, not yet judged: the door says first who may know of the thing (404) and who may do it (403).
pub struct Body {
    fields: Result<Fields, Failure>,
    /// The bytes, to know the same body again; empty when they were not read whole.
    raw: Vec<u8>,
}

impl Body {
    /// The fields; told when what was sent is too large, or is not a JSON object.
    pub fn fields(self) -> Result<Fields, Failure> {
        self.fields
    }

    /// The same where nothing at all may be sent: then there are no fields.
    pub fn fields_or_none(self) -> Result<Fields, Failure> {
        match self.fields {
            Err(Failure::Invalid(_)) if self.raw.is_empty() => Ok(Fields::default()),
            fields => fields,
        }
    }

    /// What was sent.
    pub(super) fn raw(&self) -> &[u8] {
        &self.raw
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Body {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Body> {
        let mut raw = Vec::new();
        let fields = read(request, data, &mut raw).await;
        Outcome::Success(Body { fields, raw })
    }
}

async fn read(request: &Request<'_>, data: Data<'_>, raw: &mut Vec<u8>) -> Result<Fields, Failure> {
    let limit = request.limits().get("json").unwrap_or(256.kibibytes());
    let bytes = data.open(limit).into_bytes().await.map_err(|_| Failure::Malformed)?;
    if !bytes.is_complete() {
        return Err(Failure::TooLarge);
    }
    *raw = bytes.value;
    let is_json = request.content_type().is_some_and(|kind| kind.is_json());
    let fields = serde_json::from_slice(raw).ok().filter(|_| is_json).and_then(Fields::from_json);
    fields.ok_or_else(|| Failure::Invalid(vec![FieldError::new("body", "not-json")]))
}
