//! In charge of bytes to and from one server, counted and timed. Does not know what they mean, save where an answer ends.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::rustls;

use super::tls::tls_fault;
use super::{FaultKind, MailFault};

/// The longest announcement of a literal that is looked for in a line that is not held: `{18446744073709551615}` and CRLF.
const LONGEST_ANNOUNCEMENT: usize = 24;

/// A connection, with or without TLS.
pub(super) type Socket = Box<dyn Bytes>;

/// What a connection must be able to do.
pub(super) trait Bytes: AsyncRead + AsyncWrite + Unpin + Send + Sync {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Bytes for T {}

/// How many bytes the whole answer to a command may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    /// Bytes of lines. Kept small even for large messages: lines are what costs work.
    pub lines: usize,
    /// Bytes of one line, literals apart: a server that never ends its line is left there.
    pub line: usize,
    /// Bytes of literals (RFC 9051, 4.3), taken as they are.
    pub literals: usize,
    /// Bytes of single answers past `line` or `literals`, read and thrown away: one monstrous message does not hide the
    /// others (H38). Zero where such an answer is a fault.
    pub spare: usize,
}

/// One connection for one visit. Whatever the server does, it costs a bounded time and a bounded memory.
pub(super) struct Wire {
    socket: BufReader<Socket>,
    timeout: Duration,
    visit_ends: Instant,
    command_ends: Instant,
    left: Allowance,
}

impl Wire {
    /// Nothing may be read before the first [`Wire::begin`]; until then the clock is that of the connection.
    pub fn new(socket: Socket, timeout: Duration, connection_ends: Instant, visit_ends: Instant) -> Wire {
        let left = Allowance { lines: 0, line: 0, literals: 0, spare: 0 };
        Wire { socket: BufReader::new(socket), timeout, visit_ends, command_ends: connection_ends, left }
    }

    /// Starts the clock and the count of a new command: the whole answer must come within both.
    pub fn begin(&mut self, allowance: Allowance) {
        self.command_ends = (Instant::now() + self.timeout).min(self.visit_ends);
        self.left = allowance;
    }

    /// Sets the end of the visit for the commands from now on: later, for what is handed on piece by piece to somebody who
    /// waits for it; sooner, for a visit that goes on from another connection.
    pub fn end_visit(&mut self, at: Instant) {
        self.visit_ends = at;
    }

    /// When the visit ends, whatever has been done by then.
    pub fn visit_ends(&self) -> Instant {
        self.visit_ends
    }

    /// Writes all the bytes at once.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), MailFault> {
        let ends = self.command_ends;
        let sent = timeout_at(ends, async {
            self.socket.write_all(bytes).await?;
            self.socket.flush().await
        });
        sent.await.map_err(|_| self.late())?.map_err(|error| io_fault(&error))
    }

    /// Reads one answer: a line with its CRLF, and the literals it announces with the lines that follow them. Of one that is
    /// larger than it may be, and for which there is room to spare, only the beginning is given, without a CRLF.
    pub async fn answer(&mut self) -> Result<Vec<u8>, MailFault> {
        let ends = self.command_ends;
        timeout_at(ends, self.whole_answer()).await.map_err(|_| self.late())?
    }

    /// Takes the clear socket out, to put TLS on it. Bytes the server has already sent would have been said in clear by
    /// whoever sits in between (RFC 9051, 11.1; CVE-2011-0411), so they are a fault.
    pub fn take_socket(&mut self) -> Result<Socket, MailFault> {
        if !self.socket.buffer().is_empty() {
            return Err(MailFault::ours(FaultKind::Protocol, "spoke-before-tls"));
        }
        let gone: Socket = Box::new(tokio::io::empty());
        Ok(std::mem::replace(&mut self.socket, BufReader::new(gone)).into_inner())
    }

    /// Goes on over another socket, with the same clock.
    pub fn put_socket(&mut self, socket: Socket) {
        self.socket = BufReader::new(socket);
    }

    /// When the answer to the present command must be complete.
    pub fn command_ends(&self) -> Instant {
        self.command_ends
    }

    /// Whether the time of the present command is over.
    pub fn is_late(&self) -> bool {
        Instant::now() >= self.command_ends
    }

    /// The fault of an answer that is not complete in time.
    pub fn late(&self) -> MailFault {
        MailFault::ours_with(FaultKind::Unreachable, "no-answer-within", format!("{:?}", self.timeout))
    }

    /// Waits until the server says something, at most so long. False when it has said nothing. Reads nothing.
    pub async fn said_something(&mut self, most: Duration) -> Result<bool, MailFault> {
        match tokio::time::timeout(most, self.socket.fill_buf()).await {
            Err(_) => Ok(false),
            Ok(Ok([])) => Err(ended()),
            Ok(Ok(_)) => Ok(true),
            Ok(Err(error)) => Err(io_fault(&error)),
        }
    }

    /// Says goodbye to the socket; a fault here no longer matters.
    pub async fn close(&mut self) {
        let ends = self.command_ends;
        let _ = timeout_at(ends, self.socket.shutdown()).await;
    }

    async fn whole_answer(&mut self) -> Result<Vec<u8>, MailFault> {
        let mut answer = Vec::new();
        let mut held = 0; // bytes of lines in this answer
        loop {
            let before = answer.len();
            if !self.line(&mut answer, self.left.line.saturating_sub(held)).await? {
                return self.without_the_rest(answer, None).await;
            }
            held += answer.len() - before;
            match announced_literal(&answer, before) {
                Some(size) if size > self.left.literals && self.left.spare > 0 => {
                    return self.without_the_rest(answer, Some(size)).await;
                }
                Some(size) => self.literal(&mut answer, size).await?,
                None => return Ok(answer),
            }
        }
    }

    /// Reads an answer to its end without holding it: from the middle of a line, or from a literal of this size.
    async fn without_the_rest(&mut self, mut answer: Vec<u8>, literal: Option<usize>) -> Result<Vec<u8>, MailFault> {
        let mut literal = literal.unwrap_or(0);
        let mut end: Vec<u8> = Vec::new(); // of the line, as much as a literal's announcement may take
        loop {
            let seen = self.socket.fill_buf().await.map_err(|error| io_fault(&error))?;
            if seen.is_empty() {
                return Err(ended());
            }
            let line_end = seen.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let taken = if literal > 0 { seen.len().min(literal) } else { line_end.unwrap_or(seen.len()) };
            self.left.spare = self.left.spare.checked_sub(taken).ok_or_else(too_much)?;
            if literal == 0 {
                end.extend_from_slice(&seen[taken.saturating_sub(LONGEST_ANNOUNCEMENT)..taken]);
                end.drain(..end.len().saturating_sub(LONGEST_ANNOUNCEMENT));
            }
            self.socket.consume(taken);
            if literal > 0 {
                literal -= taken;
            } else if line_end.is_some() {
                match literal_size(&end) {
                    Some(size) => literal = size,
                    None => break,
                }
                end.clear();
            }
        }
        while answer.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            answer.pop();
        }
        Ok(answer)
    }

    /// Appends one line with its CRLF; false when it is too long, with as much of it as was within bounds. Each byte is
    /// looked at once, however slowly the line comes.
    async fn line(&mut self, answer: &mut Vec<u8>, longest: usize) -> Result<bool, MailFault> {
        let start = answer.len();
        loop {
            let seen = self.socket.fill_buf().await.map_err(|error| io_fault(&error))?;
            if seen.is_empty() {
                return Err(ended());
            }
            let end = seen.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let taken = end.unwrap_or(seen.len());
            let length = answer.len() - start + taken;
            if length > self.left.lines || (length > longest && self.left.spare == 0) {
                return Err(too_much());
            }
            if length > longest {
                return Ok(false);
            }
            answer.extend_from_slice(&seen[..taken]);
            self.socket.consume(taken);
            if end.is_some() {
                self.left.lines -= answer.len() - start;
                return if answer[start..].ends_with(b"\r\n") {
                    Ok(true)
                } else {
                    Err(MailFault::ours(FaultKind::Protocol, "no-imap"))
                };
            }
        }
    }

    /// Appends a literal. Memory grows with what has come, not with what was announced.
    async fn literal(&mut self, answer: &mut Vec<u8>, size: usize) -> Result<(), MailFault> {
        self.left.literals = self.left.literals.checked_sub(size).ok_or_else(too_much)?;
        let mut missing = size;
        while missing > 0 {
            let seen = self.socket.fill_buf().await.map_err(|error| io_fault(&error))?;
            if seen.is_empty() {
                return Err(ended());
            }
            let taken = seen.len().min(missing);
            answer.extend_from_slice(&seen[..taken]);
            self.socket.consume(taken);
            missing -= taken;
        }
        Ok(())
    }
}

/// The size of the literal announced at the end of the line that begins at `line`. The text of a status answer
/// or of a continuation is for people: what looks like a literal there is not one.
fn announced_literal(answer: &[u8], line: usize) -> Option<usize> {
    let data = answer.strip_prefix(b"* ")?;
    let word = data.split(|byte| *byte == b' ' || *byte == b'\r').next().unwrap_or_default();
    if ["OK", "NO", "BAD", "BYE", "PREAUTH"].iter().any(|status| word.eq_ignore_ascii_case(status.as_bytes())) {
        return None;
    }
    literal_size(&answer[line..])
}

/// The size in braces at the end of a line.
fn literal_size(line: &[u8]) -> Option<usize> {
    let digits = line.strip_suffix(b"}\r\n")?;
    let digits = &digits[digits.iter().rposition(|byte| *byte == b'{')? + 1..];
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // A number too large to be written down is a size that no allowance has.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(usize::MAX))
}

fn ended() -> MailFault {
    MailFault::ours(FaultKind::Unreachable, "connection-closed")
}

fn too_much() -> MailFault {
    MailFault::ours(FaultKind::TooMuch, "too-much")
}

/// The words for a fault of the connection or of TLS.
pub(super) fn io_fault(error: &io::Error) -> MailFault {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls_fault(tls);
    }
    let key = match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection-refused",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            "connection-broken"
        }
        io::ErrorKind::UnexpectedEof => "connection-closed",
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "not-on-the-net",
        _ => return MailFault::ours_with(FaultKind::Unreachable, "connection-failed", error.to_string()),
    };
    MailFault::ours(FaultKind::Unreachable, key)
}
