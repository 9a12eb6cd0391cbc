//! In charge of slowing who guesses passwords, never of locking anybody out (U03): failures are counted by account, by client
//! and by network, and the wait grows with them. Who has logged in from an address before has a count of its own there, so
//! that guesses made elsewhere do not keep the owner waiting.

use std::net::IpAddr;
use std::time::Duration;

use crate::app::App;
use crate::clock::Moment;
use crate::key::token_hash;
use crate::model::person::Person;
use crate::store::{self, Result, Tx};
use crate::text::fold;

/// Failures are forgotten when none has followed for so long.
const MEMORY: Duration = Duration::from_secs(15 * 60);
/// An address counts as a person's for so long after a log-in from there.
const KNOWN: Duration = Duration::from_secs(30 * 24 * 3600);
/// Nobody waits longer: the right password works after a minute at most.
const LONGEST: u64 = 60;

/// How many failures are free of account, address and network: many people may sit behind one address.
const FREE: [i64; 3] = [3, 20, 60];

/// What an attempt is counted by.
pub struct Attempt([String; 3]);

/// How long to wait after so many failures, the last of them so many milliseconds ago: 2 seconds after the first that is not
/// free, then twice as long each time. None when there is nothing to wait for.
fn wait(failures: i64, free: i64, since_last: i64) -> Option<u64> {
    let beyond = failures.checked_sub(free).filter(|beyond| *beyond >= 0)?;
    let seconds = 2u64.saturating_pow(u32::try_from(beyond + 1).unwrap_or(u32::MAX)).min(LONGEST);
    let left = (seconds * 1000).saturating_sub(since_last.max(0).unsigned_abs());
    (left > 0).then(|| left.div_ceil(1000))
}

/// Counts an attempt as failed beforehand, so that many at once do not slip through. The seconds to wait when it is too early;
/// then nothing was counted, and nothing is to be tried.
pub async fn begin(
    app: &App,
    email: &str,
    person: Option<&Person>,
    ip: &str,
) -> Result<std::result::Result<Attempt, u64>> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let account = token_hash(&fold(email));
    let is_known = match person {
        Some(person) => store::attempts::knows(&mut tx, &person.id, ip).await?,
        None => false,
    };
    let account = if is_known { format!("account {account} at {ip}") } else { format!("account {account}") };
    let names = [account, format!("address {ip}"), format!("network {}", network(ip))];
    let mut counted = [0; 3];
    let mut longest = None;
    for ((name, free), count) in names.iter().zip(FREE).zip(&mut counted) {
        let (failures, last_at) = store::attempts::hold(&mut tx, name).await?;
        if now.since(last_at) < MEMORY.as_millis() as i64 {
            *count = failures;
            longest = longest.max(wait(failures, free, now.since(last_at)));
        }
    }
    if let Some(seconds) = longest {
        return Ok(Err(seconds));
    }
    for (name, count) in names.iter().zip(counted) {
        store::attempts::put(&mut tx, name, count + 1, now).await?;
    }
    tx.commit().await?;
    Ok(Ok(Attempt(names)))
}

/// Notes that an attempt has turned out well.
pub async fn succeeded(tx: &mut Tx, attempt: &Attempt, person: &Person, ip: &str, now: Moment) -> Result<()> {
    let Attempt([account, address, network]) = attempt;
    store::attempts::forget(tx, account).await?;
    store::attempts::take_back(tx, address).await?;
    store::attempts::take_back(tx, network).await?;
    store::attempts::know(tx, &person.id, ip, now).await
}

/// How often a new password may be asked for before a quiet quarter of an hour: for one address, from one client.
const ASKED: [i64; 2] = [3, 20];

/// Counts that somebody asks for a new password. False when it was asked for too often in the last quarter of an hour.
pub async fn may_ask(app: &App, email: &str, ip: &str) -> Result<bool> {
    let now = app.clock.now();
    let names = [format!("link account {}", token_hash(&fold(email))), format!("link address {ip}")];
    let mut tx = app.db.begin().await?;
    for (name, most) in names.iter().zip(ASKED) {
        let (count, last_at) = store::attempts::hold(&mut tx, name).await?;
        let count = if now.since(last_at) < MEMORY.as_millis() as i64 { count } else { 0 };
        if count >= most {
            return Ok(false);
        }
        store::attempts::put(&mut tx, name, count + 1, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Forgets what no longer counts.
pub async fn forget_old(app: &App) -> Result<()> {
    let ago = |time: Duration| Moment(app.clock.now().0 - time.as_millis() as i64);
    let mut tx = app.db.begin().await?;
    store::attempts::forget_old(&mut tx, ago(MEMORY), ago(KNOWN)).await?;
    tx.commit().await
}

/// The network of a client: the first 24 bits of an IPv4 address, the first 56 of an IPv6 address, as providers give them out.
fn network(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(ip)) => format!("{}/56", hex::encode(&ip.octets()[..7])),
        Err(_) => ip.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_stays_bearable() {
        for (failures, since, expected) in [
            (0, 0, None),
            (2, 0, None),
            (3, 0, Some(2)),
            (3, 1_500, Some(1)),
            (3, 2_000, None),
            (4, 0, Some(4)),
            (7, 0, Some(32)),
            (8, 0, Some(60)),
            (i64::MAX, 59_000, Some(1)),
            (3, -5_000, Some(2)),
        ] {
            assert_eq!(wait(failures, 3, since), expected, "{failures} failures, {since} ms ago");
        }
    }

    #[test]
    fn neighbours_share_a_network() {
        assert_eq!(network("203.0.113.9"), network("203.0.113.200"));
        assert_ne!(network("203.0.113.9"), network("203.0.114.9"));
        assert_eq!(network("2001:db8:1:200::1"), network("2001:db8:1:2ff::9"));
        assert_ne!(network("2001:db8:1:200::1"), network("2001:db8:1:300::1"));
    }
}
