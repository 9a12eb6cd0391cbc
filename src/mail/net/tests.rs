//! In charge of showing which addresses are public.

use super::*;

fn check(address: &str, expected: bool) {
    assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
}

#[test]
fn public_addresses() {
    for address in [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "223.255.255.255",
    ] {
        check(address, true);
    }
    for address in ["2a00:1450:4002::1", "2001:4860::8888", "2606:4700::1111", "64:ff9b::101:101"] {
        check(address, true);
    }
}

#[test]
fn addresses_that_are_not() {
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.8.8.8",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ] {
        check(address, false);
    }
    for address in [
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::a01:203",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        check(address, false);
    }
}

#[tokio::test]
async fn a_name_is_checked_by_what_it_resolves_to() {
    let policy = Policy { allow_private: false, allow_plaintext: true, timeout: Duration::from_secs(10) };
    let net = Net::new(policy, None).unwrap();
    // Spellings that the system's resolver reads as loopback.
    for host in ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "[::1]", "::1"] {
        let server = Server { host: host.to_string(), port: 143, security: Security::Tls };
        let kind = net.reach(&server).await.err().unwrap().kind;
        assert!(matches!(kind, FaultKind::NotAllowed | FaultKind::Unreachable), "{host}: {kind:?}");
    }
    let server = Server { host: "localhost".to_string(), port: 143, security: Security::Tls };
    assert_eq!(net.reach(&server).await.err().unwrap().kind, FaultKind::NotAllowed);
    for host in ["", "no such host", "a\0b", "nowhere.invalid"] {
        let server = Server { host: host.to_string(), port: 143, security: Security::Tls };
        assert_eq!(net.reach(&server).await.err().unwrap().kind, FaultKind::Unreachable, "{host:?}");
    }
}
