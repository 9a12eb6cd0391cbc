//! In charge of what a program sends: one JSON object, whole, with its content type. Does not know what the fields mean.

use rocket::data::{Data, FromData, Outcome, ToByteUnit};
use rocket::http::Status;
use rocket::request::Request;

use crate::input::Fields;
use crate::web::guard::remember;
use crate::web::outcome::Failure;

/// The fields of a body, not yet checked. Checking waits until the door has said who may do what: 404 and 403 come first.
#[derive(Debug)]
pub struct Body(Result<Fields, Malformed>);

#[derive(Debug)]
struct Malformed;

impl Body {
    /// The fields; told when what was sent is not a JSON object.
    pub fn fields(self) -> Result<Fields, Failure> {
        self.0.map_err(|Malformed| Failure::Invalid(vec![crate::input::FieldError::new("body", "not-json")]))
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Body {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Body> {
        let limit = request.limits().get("json").unwrap_or(256.kibibytes());
        let is_json = request.content_type().is_some_and(|kind| kind.is_json());
        match data.open(limit).into_bytes().await {
            Ok(bytes) if bytes.is_complete() => {
                let fields = serde_json::from_slice(&bytes).ok().filter(|_| is_json).and_then(Fields::from_json);
                Outcome::Success(Body(fields.ok_or(Malformed)))
            }
            Ok(_) => {
                remember(request, Failure::TooLarge);
                Outcome::Error((Status::PayloadTooLarge, ()))
            }
            Err(_) => {
                remember(request, Failure::Malformed);
                Outcome::Error((Status::BadRequest, ()))
            }
        }
    }
}
