//! In charge of what browsers load once: styles, scripts, icons, fonts, under an address that changes when any of them does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use flate2::Compression;
use flate2::write::GzEncoder;
use include_dir::{Dir, include_dir};
use rocket::http::{ContentType, Header, Status};
use rocket::request::Request;
use rocket::response::{self, Responder, Response};
use rocket::{State, get};
use sha2::{Digest, Sha256};

use super::Site;

static FILES: Dir = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The folder that is read live while developing.
const LIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/static");

/// The files, their common checksum, and the compressed forms made so far.
pub struct Assets {
    checksum: String,
    live: Option<PathBuf>,
    compressed: Mutex<HashMap<PathBuf, &'static [u8]>>,
}

impl Assets {
    /// Looks at the files inside the binary; in a development build, the folder beside it when it is there.
    pub fn load() -> Assets {
        static CHECKSUM: OnceLock<String> = OnceLock::new();
        let live = Some(PathBuf::from(LIVE)).filter(|folder| cfg!(debug_assertions) && folder.is_dir());
        Assets { checksum: CHECKSUM.get_or_init(checksum).clone(), live, compressed: Mutex::default() }
    }

    /// The address of a file.
    pub fn url(&self, path: &str) -> String {
        format!("/static/{}/{path}", self.checksum)
    }

    fn find(&self, path: &Path) -> Option<Cow<'static, [u8]>> {
        match &self.live {
            Some(folder) => std::fs::read(folder.join(path)).ok().map(Cow::Owned),
            None => FILES.get_file(path).map(|file| Cow::Borrowed(file.contents())),
        }
    }

    /// The compressed form, made at the first request and kept: the files are few and do not change.
    fn compressed(&self, path: &Path, bytes: &[u8]) -> Cow<'static, [u8]> {
        let mut kept = self.compressed.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.get(path) {
            Some(bytes) if self.live.is_none() => Cow::Borrowed(bytes),
            _ => {
                let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
                // Writing to memory does not fail.
                let _ = encoder.write_all(bytes);
                let bytes = encoder.finish().unwrap_or_default();
                if self.live.is_none() {
                    kept.insert(path.to_path_buf(), bytes.clone().leak());
                }
                Cow::Owned(bytes)
            }
        }
    }
}

fn checksum() -> String {
    fn add(folder: &Dir, digest: &mut Sha256) {
        for file in folder.files() {
            digest.update(file.path().to_string_lossy().as_bytes());
            digest.update(file.contents());
        }
        folder.dirs().for_each(|inner| add(inner, digest));
    }
    let mut digest = Sha256::new();
    add(&FILES, &mut digest);
    hex::encode(&digest.finalize()[..8])
}

/// A file on its way to a browser.
pub struct Asset {
    bytes: Cow<'static, [u8]>,
    kind: ContentType,
    is_compressed: bool,
    is_current: bool,
}

/// A file. One asked for under another checksum is given, but not to be kept.
#[get("/static/<checksum>/<path..>")]
pub fn show(checksum: &str, path: PathBuf, site: &State<Site>, encodings: Encodings) -> Option<Asset> {
    let bytes = site.assets.find(&path)?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let kind = ContentType::from_extension(extension).unwrap_or(ContentType::Binary);
    let is_compressed = encodings.gzip && matches!(extension, "css" | "js" | "svg");
    let bytes = if is_compressed { site.assets.compressed(&path, &bytes) } else { bytes };
    Some(Asset { bytes, kind, is_compressed, is_current: checksum == site.assets.checksum })
}

/// What the browser can unpack.
pub struct Encodings {
    gzip: bool,
}

#[rocket::async_trait]
impl<'r> rocket::request::FromRequest<'r> for Encodings {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> rocket::request::Outcome<Encodings, Self::Error> {
        let accepted = request.headers().get("Accept-Encoding").any(|value| value.contains("gzip"));
        rocket::request::Outcome::Success(Encodings { gzip: accepted })
    }
}

impl<'r> Responder<'r, 'static> for Asset {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut response = Response::build();
        response.status(Status::Ok).header(self.kind).header(Header::new("Vary", "Accept-Encoding"));
        let keeping = if self.is_current { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.header(Header::new("Cache-Control", keeping));
        if self.is_compressed {
            response.header(Header::new("Content-Encoding", "gzip"));
        }
        let length = self.bytes.len();
        match self.bytes {
            Cow::Borrowed(bytes) => response.sized_body(length, std::io::Cursor::new(bytes)).ok(),
            Cow::Owned(bytes) => response.sized_body(length, std::io::Cursor::new(bytes)).ok(),
        }
    }
}
