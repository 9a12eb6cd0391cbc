//! In charge of how fast a token may ask. Does not know whose it is nor what it asks for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::model::id::TokenId;

/// How many requests each token may make: 1,200 a minute, bursts of 300 (contract, 5). Counted on each node.
#[derive(Debug, Default)]
pub struct Pace {
    buckets: Mutex<HashMap<TokenId, (f64, Instant)>>,
}

impl Pace {
    const BURST: f64 = 300.0;
    const EACH_SECOND: f64 = 20.0;

    /// Takes one request out of a token's bucket, or says how many seconds to wait.
    pub fn take(&self, token: &TokenId, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let level = |(left, at): &(f64, Instant)| {
            (left + now.duration_since(*at).as_secs_f64() * Self::EACH_SECOND).min(Self::BURST)
        };
        if buckets.len() > 10_000 {
            buckets.retain(|_, bucket| level(bucket) < Self::BURST);
        }
        let left = buckets.get(token).map_or(Self::BURST, level);
        if left < 1.0 {
            return Err(((1.0 - left) / Self::EACH_SECOND).ceil().max(1.0) as u64);
        }
        buckets.insert(token.clone(), (left - 1.0, now));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_token_may_burst_and_then_keeps_its_pace() {
        let (pace, token, start) = (Pace::default(), TokenId::new(), Instant::now());
        assert!((0..300).all(|_| pace.take(&token, start).is_ok()));
        assert_eq!(pace.take(&token, start), Err(1));
        assert!(pace.take(&TokenId::new(), start).is_ok(), "another token has its own");
        let later = start + Duration::from_secs(1);
        assert_eq!((0..30).filter(|_| pace.take(&token, later).is_ok()).count(), 20);
    }
}
