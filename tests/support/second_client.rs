//! In charge of what the holder of a mailbox does to it from another program: the few IMAP commands the tests need, said to
//! the real server. Does not know our own IMAP.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::root;

/// A program with INBOX open.
pub struct SecondClient {
    wire: BufReader<TcpStream>,
}

impl SecondClient {
    /// Logs in and opens INBOX. The password must be plain ASCII without quotes.
    pub async fn log_in(port: u16, address: &str, password: &str) -> SecondClient {
        let wire = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.expect("the mail server answers"));
        let mut client = SecondClient { wire };
        client.line().await;
        client.say(&format!("LOGIN \"{address}\" \"{password}\"")).await;
        client.say("SELECT INBOX").await;
        client
    }

    /// Deletes messages for good.
    pub async fn expunge(&mut self, uids: &str) {
        self.say(&format!("UID STORE {uids} +FLAGS.SILENT (\\Deleted)")).await;
        self.say("EXPUNGE").await;
    }

    /// Puts so many copies of a file of `tests/mail` into INBOX.
    pub async fn fill(&mut self, name: &str, count: usize) {
        let raw = std::fs::read(root().join("tests/mail").join(name))
            .expect("a sample")
            .iter()
            .map(|byte| char::from(*byte))
            .collect::<String>();
        let literal = format!("APPEND INBOX {{{}+}}\r\n{raw}", raw.len());
        self.say(&literal).await;
        let mut there = 1;
        while there < count {
            let more = there.min(count - there);
            self.say(&format!("COPY 1:{more} INBOX")).await;
            self.say("NOOP").await;
            there += more;
        }
    }

    /// Puts these bytes into a folder.
    pub async fn append(&mut self, folder: &str, raw: &[u8]) {
        self.wire.write_all(format!("a APPEND {folder} {{{}+}}\r\n", raw.len()).as_bytes()).await.expect("said");
        self.wire.write_all(raw).await.expect("said");
        self.wire.write_all(b"\r\n").await.expect("said");
        self.until_done("APPEND").await;
    }

    /// Marks messages read.
    pub async fn mark_read(&mut self, uids: &str) {
        self.say(&format!("UID STORE {uids} +FLAGS.SILENT (\\Seen)")).await;
    }

    /// One command, done when the server says OK. Gives the lines before that.
    pub async fn say(&mut self, command: &str) -> String {
        self.wire.write_all(format!("a {command}\r\n").as_bytes()).await.expect("said");
        self.until_done(command).await
    }

    async fn until_done(&mut self, command: &str) -> String {
        let mut heard = String::new();
        loop {
            let line = self.line().await;
            match line.strip_prefix("a ") {
                Some(end) => {
                    assert!(end.starts_with("OK"), "{command}: {end}");
                    return heard;
                }
                None => heard.push_str(&line),
            }
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.wire.read_line(&mut line).await.expect("heard") > 0, "the mail server has hung up");
        line
    }
}
