//! In charge of how fast somebody may ask: a token, whoever sends the public form. Does not know who it is nor what is asked for.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::model::id::TokenId;

/// How many requests each of them may make: so many at once, and then so many a second. Counted on each node.
#[derive(Debug)]
pub struct Pace<K> {
    burst: f64,
    each_second: f64,
    buckets: Mutex<HashMap<K, (f64, Instant)>>,
}

impl Pace<TokenId> {
    /// That of the API: 1,200 a minute, bursts of 300 (contract, 5).
    pub fn of_tokens() -> Pace<TokenId> {
        Pace::new(300.0, 20.0)
    }
}

impl Pace<String> {
    /// That of the public form, by who sends it: bursts of 10, and then one every ten seconds (F07). Many people of a body may
    /// sit behind one address.
    pub fn of_callers() -> Pace<String> {
        Pace::new(10.0, 0.1)
    }

    /// That of the public form, by who sends it and the address that is typed: bursts of 5, and then one a minute.
    pub fn of_addresses() -> Pace<String> {
        Pace::new(5.0, 1.0 / 60.0)
    }
}

impl<K: Hash + Eq + Clone> Pace<K> {
    fn new(burst: f64, each_second: f64) -> Pace<K> {
        Pace { burst, each_second, buckets: Mutex::default() }
    }

    /// Takes one request out of the bucket of whoever asks, or says how many seconds to wait.
    pub fn take(&self, who: &K, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let level = |(left, at): &(f64, Instant)| {
            (left + now.duration_since(*at).as_secs_f64() * self.each_second).min(self.burst)
        };
        if buckets.len() > 10_000 {
            buckets.retain(|_, bucket| level(bucket) < self.burst);
        }
        let left = buckets.get(who).map_or(self.burst, level);
        if left < 1.0 {
            return Err(((1.0 - left) / self.each_second).ceil().max(1.0) as u64);
        }
        buckets.insert(who.clone(), (left - 1.0, now));
        Ok(())
    }
}

/// Whom a client counts as: an address of IPv4; of IPv6 the first 56 bits, of which a household has all the rest.
pub fn caller(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V6(ip)) => hex::encode(&ip.octets()[..7]),
        _ => ip.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_token_may_burst_and_then_keeps_its_pace() {
        let (pace, token, start) = (Pace::of_tokens(), TokenId::new(), Instant::now());
        assert!((0..300).all(|_| pace.take(&token, start).is_ok()));
        assert_eq!(pace.take(&token, start), Err(1));
        assert!(pace.take(&TokenId::new(), start).is_ok(), "another token has its own");
        let later = start + Duration::from_secs(1);
        assert_eq!((0..30).filter(|_| pace.take(&token, later).is_ok()).count(), 20);
    }

    #[test]
    fn the_public_form_is_slowed_by_who_sends_it() {
        let (pace, start) = (Pace::of_callers(), Instant::now());
        let [one, other] = ["203.0.113.9", "203.0.113.10"].map(caller);
        assert_eq!((0..20).filter(|_| pace.take(&one, start).is_ok()).count(), 10, "of 20 at once half");
        assert_eq!(pace.take(&one, start), Err(10));
        assert!(pace.take(&other, start).is_ok(), "another address has its own");
        assert!(pace.take(&one, start + Duration::from_secs(10)).is_ok());
        assert_eq!(caller("2001:db8:1:200::1"), caller("2001:db8:1:2ff::9"));
        assert_ne!(caller("2001:db8:1:200::1"), caller("2001:db8:1:300::1"));
    }
}
