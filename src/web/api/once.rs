//! In charge of the header `Idempotency-Key`: a request that comes again under it is made once (contract, 5).

use rocket::request::{FromRequest, Outcome, Request};
use sha2::{Digest, Sha256};

use super::body::Body;
use crate::desk::ticket::Once;
use crate::input::FieldError;
use crate::web::outcome::Failure;

/// The key that came, if one came.
pub struct Key(Option<String>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Key {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Key, ()> {
        Outcome::Success(Key(request.headers().get_one("Idempotency-Key").map(str::to_string)))
    }
}

impl Key {
    /// What is to be made once: under this key, on this route, with this body. None without a key.
    ///
    /// # Errors
    /// A key that is empty, longer than 200 characters or has others than printable ones.
    pub fn once(self, route: &str, body: &Body) -> Result<Option<Once>, Failure> {
        let Some(key) = self.0 else { return Ok(None) };
        if key.is_empty() || key.len() > 200 || !key.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
            return Err(vec![FieldError::new("Idempotency-Key", "key")].into());
        }
        let body_hash = hex::encode(Sha256::digest(body.raw()));
        Ok(Some(Once { route: route.into(), key, body_hash }))
    }
}
