//! In charge of showing what TLS is accepted, and that no credential goes before it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;
use crate::mail::TlsCause;

const NEW_KEY: &str = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

/// An authority made for the test and what it signs, in a folder that goes away.
struct Authority(tempfile::TempDir);

impl Authority {
    fn new(name: &str) -> Authority {
        let authority = Authority(tempfile::tempdir().unwrap());
        let name = format!("-subj /CN={name} -addext subjectAltName=IP:127.0.0.1");
        authority.openssl(&format!("{NEW_KEY} -x509 -keyout ca.key -out ca.pem -days 2 {name}"));
        authority
    }

    fn openssl(&self, arguments: &str) {
        let made = Command::new("openssl").args(arguments.split(' ')).current_dir(self.0.path()).output();
        let made = made.expect("openssl is needed to make the certificates of this test");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(name)).unwrap()
    }

    /// A server's side of TLS, with a certificate for this name, good from 2020 until the end of this year.
    fn signs(&self, name: &str, until: u16) -> TlsAcceptor {
        self.signs_from(name, 2020, until)
    }

    /// The same, good from the beginning of a year.
    fn signs_from(&self, name: &str, from: u16, until: u16) -> TlsAcceptor {
        let settings = format!(
            "[ca]\ndefault_ca=own\n[own]\ndatabase=index\nrand_serial=yes\nnew_certs_dir=.\ncertificate=ca.pem\n\
             private_key=ca.key\ndefault_md=sha256\npolicy=any\nunique_subject=no\nx509_extensions=leaf\n[any]\n\
             commonName=supplied\n[leaf]\nsubjectAltName={name}\nbasicConstraints=CA:FALSE\n"
        );
        std::fs::write(self.0.path().join("settings"), settings).unwrap();
        std::fs::write(self.0.path().join("index"), "").unwrap();
        self.openssl(&format!("{NEW_KEY} -new -keyout leaf.key -out leaf.csr -subj /CN=x"));
        self.openssl(&format!(
            "ca -batch -notext -config settings -in leaf.csr -out leaf.pem -startdate {from}0101000000Z -enddate {until}1231235959Z"
        ));
        self.acceptor("leaf")
    }

    fn acceptor(&self, name: &str) -> TlsAcceptor {
        let file = |end: &str| self.file(Path::new(name).with_extension(end).to_str().unwrap());
        let chain = vec![CertificateDer::from_pem_slice(&file("pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(&file("key")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
    }

    fn trusted(&self) -> Net {
        let policy = Policy { allow_private: true, allow_plaintext: false, timeout: PATIENT };
        Net::new(policy, Some(&self.file("ca.pem"))).unwrap()
    }
}

impl Talk {
    /// Goes on under TLS; nothing when the client does not want to.
    async fn secured(self, tls: TlsAcceptor) -> Option<Talk> {
        let socket: Socket = Box::new(tls.accept(self.socket.into_inner()).await.ok()?);
        Some(Talk { socket: BufReader::new(socket), heard: self.heard })
    }

    async fn whole_visit(&mut self) {
        self.answer("", "OK [CAPABILITY IMAP4rev1] in").await;
        self.answer(STATUS, "OK").await;
        self.answer("", "OK bye").await;
    }
}

fn nobody() -> Talk {
    let gone: Socket = Box::new(tokio::io::empty());
    Talk { socket: BufReader::new(gone), heard: Vec::new() }
}

async fn visit_under(net: &Net, security: Security, server: Server) -> Result<InboxFacts, MailFault> {
    let password = SecretString::from("x");
    inbox(
        net,
        &Server { security, ..server },
        Login { username: "me", password: &password },
        Ask { quota: true, known: None },
    )
    .await
}

/// A visit by a client with these roots to a server with this certificate, TLS from the first byte.
async fn tls_visit(net: &Net, tls: TlsAcceptor) -> Result<InboxFacts, MailFault> {
    let (server, _heard) = serve(async move |talk| match talk.secured(tls).await {
        Some(mut talk) => {
            talk.say(GREETING).await;
            talk.whole_visit().await;
            talk
        }
        None => nobody(),
    })
    .await;
    visit_under(net, Security::Tls, server).await
}

#[tokio::test]
async fn certificates() {
    let ours = Authority::new("Nostra");
    assert_eq!(tls_visit(&ours.trusted(), ours.signs("IP:127.0.0.1", 2040)).await.unwrap().total, 7);
    let others = Authority::new("Altrui");
    for (tls, cause, words) in [
        (ours.signs("IP:127.0.0.2", 2040), TlsCause::WrongName, "of another name"),
        (ours.signs("DNS:localhost", 2040), TlsCause::WrongName, "of another name"),
        (ours.signs("IP:127.0.0.1", 2020), TlsCause::Expired, "has expired"),
        (ours.signs_from("IP:127.0.0.1", 2039, 2040), TlsCause::NotYetValid, "not valid yet"),
        (others.signs("IP:127.0.0.1", 2040), TlsCause::UnknownAuthority, "unknown authority"),
        (others.acceptor("ca"), TlsCause::OwnAuthority, "of an authority (self-signed)"),
        (ours.acceptor("ca"), TlsCause::OwnAuthority, "of an authority (self-signed)"),
    ] {
        let fault = fault(tls_visit(&ours.trusted(), tls).await);
        assert_eq!((fault.kind, fault.tls), (FaultKind::Certificate, Some(cause)), "{fault}");
        assert!(fault.to_string().contains(words), "{fault}");
    }
}

#[tokio::test]
async fn a_server_with_old_tls_is_refused_and_told_why() {
    // An alert (RFC 8446, 6.2: protocol_version), and a ServerHello of each old version.
    let hello = |minor: u8| {
        let begin = [0x16, 3, minor, 0, 42, 2, 0, 0, 38, 3, minor];
        begin.into_iter().chain([7; 32]).chain([0, 0, 0x2f, 0]).collect::<Vec<u8>>()
    };
    for answer in [vec![0x15, 3, 1, 0, 2, 2, 70], hello(1), hello(2)] {
        let (server, heard) = serve(async move |mut talk| {
            talk.socket.read_u8().await.unwrap();
            talk.say(answer).await;
            let mut rest = Vec::new();
            let _ = talk.socket.read_to_end(&mut rest).await;
            talk
        })
        .await;
        let fault = fault(visit_under(&net(PATIENT), Security::Tls, server).await);
        assert_eq!((fault.kind, fault.tls), (FaultKind::Certificate, Some(TlsCause::OldTls)), "{fault}");
        assert!(fault.to_string().contains("TLS 1.2"), "{fault}");
        heard.await.unwrap();
    }
}

#[tokio::test]
async fn a_server_without_tls_on_a_tls_port() {
    let (server, _heard) = serve(async |mut talk| {
        talk.say(GREETING).await;
        talk.socket.read_u8().await.unwrap();
        talk
    })
    .await;
    let fault = fault(visit_under(&net(PATIENT), Security::Tls, server).await);
    assert_eq!((fault.kind, fault.tls), (FaultKind::Certificate, Some(TlsCause::NoTls)), "{fault}");
    assert!(fault.to_string().starts_with("The server does not speak TLS on this port"), "{fault}");
}

#[tokio::test]
async fn starttls_comes_before_any_credential() {
    let ours = Authority::new("Nostra");
    let tls = ours.signs("IP:127.0.0.1", 2040);
    let (server, heard) = serve(async move |mut talk| {
        talk.say("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Ready\r\n").await;
        talk.answer("", "OK begin").await;
        let mut talk = talk.secured(tls).await.unwrap();
        talk.answer("* CAPABILITY IMAP4rev1\r\n", "OK").await;
        talk.whole_visit().await;
        talk
    })
    .await;
    assert_eq!(visit_under(&ours.trusted(), Security::Starttls, server).await.unwrap().total, 7);
    let heard = heard.await.unwrap();
    assert_eq!(heard[..3], ["S001 STARTTLS", "S002 CAPABILITY", "S003 LOGIN \"me\" \"x\""]);
}

#[tokio::test]
async fn starttls_refused_or_tampered_with_is_the_end() {
    for (answer, kind) in [
        ("S001 NO no TLS here\r\n", FaultKind::Certificate),
        ("S001 BAD what\r\n", FaultKind::Certificate),
        ("S001 OK begin\r\n* PREAUTH [CAPABILITY IMAP4rev1] injected\r\n", FaultKind::Protocol),
        ("S001 OK begin\r\n\x16", FaultKind::Protocol),
    ] {
        let (server, heard) = serve(async move |mut talk| {
            talk.say("* OK [CAPABILITY IMAP4rev1 STARTTLS] Ready\r\n").await;
            talk.hear().await;
            talk.say(answer).await;
            talk.until_gone().await;
            talk
        })
        .await;
        assert_eq!(fault(visit_under(&net(PATIENT), Security::Starttls, server).await).kind, kind, "{answer:?}");
        assert_eq!(heard.await.unwrap(), ["S001 STARTTLS"], "{answer:?}: nothing more is said in clear");
    }
}

#[test]
fn further_authorities_must_be_certificates() {
    let policy = Policy { allow_private: true, allow_plaintext: true, timeout: PATIENT };
    for pem in [&b""[..], b"not PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert_eq!(fault(Net::new(policy, Some(pem))).kind, FaultKind::Certificate);
    }
}
