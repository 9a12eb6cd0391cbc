//! In charge of the words for a body (ente).

use serde::Serialize;

use crate::clock::Moment;
use crate::model::id::OrganizationId;

/// What a body may ask help for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    Pec,
    Pki,
}

impl Area {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Area::Pec => "pec",
            Area::Pki => "pki",
        }
    }

    /// Reads the word of the contract.
    pub fn parse(word: &str) -> Option<Area> {
        [Area::Pec, Area::Pki].into_iter().find(|known| known.as_str() == word)
    }
}

/// A body: comune, unione, azienda sanitaria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    /// The code by which the administration knows it (IPA), unique without regard to case.
    pub code: String,
    pub name: String,
    pub tax_code: Option<String>,
    pub areas: Vec<Area>,
    pub email_domains: Vec<String>,
    /// Who sees the requests of the whole body only reads those of others (V07).
    pub read_only_view: bool,
    pub active: bool,
    pub created_at: Moment,
}
