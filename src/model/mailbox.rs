//! In charge of the words for a watched mailbox (casella): what is typed of it, what is known of it, how it stands.

use serde::Serialize;

use crate::clock::Moment;
use crate::model::id::{MailboxId, OrganizationId};
use crate::model::server::Server;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident => $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word of the contract.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            /// Reads the word of the contract.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

words! {
    /// How a mailbox stands, as the contract lists it.
    Status {
        NeverChecked => "never_checked",
        Activating => "activating",
        Ok => "ok",
        WrongPassword => "wrong_password",
        PasswordExpired => "password_expired",
        AccountBlocked => "account_blocked",
        PinRequired => "pin_required",
        SecretUnreadable => "secret_unreadable",
        Unreachable => "unreachable",
        TemporaryError => "temporary_error",
        CertificateInvalid => "certificate_invalid",
        Expired => "expired",
        Annulled => "annulled",
        Suspended => "suspended",
    }
}

impl Status {
    /// True when nobody may try the mailbox: a login could lock its holder out, or a person has said to stop (H18, H19).
    pub fn is_stopped(self) -> bool {
        matches!(
            self,
            Status::Activating
                | Status::WrongPassword
                | Status::PasswordExpired
                | Status::AccountBlocked
                | Status::PinRequired
                | Status::SecretUnreadable
                | Status::Expired
                | Status::Annulled
                | Status::Suspended
        )
    }
}

words! {
    /// How much room a mailbox has left (H30).
    QuotaState {
        Unknown => "unknown",
        Ok => "ok",
        Low => "low",
        Full => "full",
    }
}

/// Who authorised the watch, and when (H24). The day as `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Authorization {
    pub holder: String,
    pub date: String,
}

/// What a person says of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub address: String,
    pub username: String,
    pub description: Option<String>,
    /// A free label, not one of the desk's groups.
    pub group: Option<String>,
    pub organization_id: Option<OrganizationId>,
    pub holder_tax_code: Option<String>,
    pub authorization: Authorization,
    pub imap: Server,
    pub smtp: Option<Server>,
}

/// What visits have seen of a mailbox. Counts are zero until the first good visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub status: Status,
    pub status_since: Moment,
    /// The server's own words, or ours; for people.
    pub status_detail: Option<String>,
    /// How it stood when a person suspended the watch.
    pub suspended_from: Option<Status>,
    /// Refused connections and the like in a row, since the last good visit.
    pub failures: i64,
    pub uid_validity: Option<i64>,
    pub uid_next: Option<i64>,
    /// The UIDNEXT at the moment somebody last opened the mailbox here: new is what came from there on.
    pub new_from: Option<i64>,
    /// What was new before the mailbox was renumbered (a change of UIDVALIDITY keeps the number).
    pub new_before: i64,
    pub new_messages: i64,
    pub unread_messages: i64,
    pub total_messages: i64,
    /// Bytes.
    pub quota_used: Option<i64>,
    /// Bytes.
    pub quota_limit: Option<i64>,
    pub last_message_at: Option<Moment>,
    pub last_checked_at: Option<Moment>,
    pub last_success_at: Option<Moment>,
    /// After faults in a row, the schedule does not try before this moment (J05).
    pub next_try_at: Option<Moment>,
}

impl Facts {
    /// The facts of a mailbox that nobody has looked at.
    pub fn fresh(status: Status, now: Moment) -> Facts {
        Facts {
            status,
            status_since: now,
            status_detail: None,
            suspended_from: None,
            failures: 0,
            uid_validity: None,
            uid_next: None,
            new_from: None,
            new_before: 0,
            new_messages: 0,
            unread_messages: 0,
            total_messages: 0,
            quota_used: None,
            quota_limit: None,
            last_message_at: None,
            last_checked_at: None,
            last_success_at: None,
            next_try_at: None,
        }
    }

    /// Full from the last byte on; low under 30 % free (H30).
    pub fn quota_state(&self) -> QuotaState {
        match (self.quota_used, self.quota_limit) {
            (Some(used), Some(limit)) if limit > 0 => match used {
                _ if used >= limit => QuotaState::Full,
                _ if i128::from(used) * 10 > i128::from(limit) * 7 => QuotaState::Low,
                _ => QuotaState::Ok,
            },
            _ => QuotaState::Unknown,
        }
    }
}

/// A watched mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub id: MailboxId,
    pub card: Card,
    pub facts: Facts,
    pub created_at: Moment,
}

impl Mailbox {
    /// What people call it: its description, else its address.
    pub fn name(&self) -> &str {
        self.card.description.as_deref().unwrap_or(&self.card.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_left_is_low_under_thirty_percent_and_full_at_the_limit() {
        let check = |used: Option<i64>, limit: Option<i64>, expected| {
            let facts = Facts { quota_used: used, quota_limit: limit, ..Facts::fresh(Status::Ok, Moment(0)) };
            assert_eq!(facts.quota_state(), expected, "{used:?} of {limit:?}");
        };
        check(None, None, QuotaState::Unknown);
        check(Some(1), Some(0), QuotaState::Unknown);
        check(Some(70), Some(100), QuotaState::Ok);
        check(Some(71), Some(100), QuotaState::Low);
        check(Some(100), Some(100), QuotaState::Full);
        check(Some(i64::MAX), Some(i64::MAX), QuotaState::Full);
    }
}
