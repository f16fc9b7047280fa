//! The network: signed webhooks of 512 bytes with one mention each, over connections that stay
//! open. As little work as possible, because it shares the machine with what it measures.

use std::io;
use std::time::Duration;

use faults::generator::{Target, signature};
use kit_values::now;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Length of every body.
pub const BODY: usize = 512;

/// Different customers, each with one conversation: sixty screens of twenty-five.
pub const CUSTOMERS: u64 = 1_500;

/// The first message's id at the network.
const FIRST: u64 = 1_990_000_000_000_000_000;

/// The first customer's id at the network.
const FIRST_CUSTOMER: u64 = 5_500_000_000_000_000_000;

/// How long an answer may take before the run has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Id at the network of the `number`th message.
#[must_use]
pub fn external_id(number: u64) -> String {
    (FIRST + number).to_string()
}

/// The number of the message with this id.
#[must_use]
pub fn number_of(external_id: &str) -> Option<u64> {
    external_id.parse::<u64>().ok()?.checked_sub(FIRST)
}

/// Id at the network of a customer.
#[must_use]
pub fn customer_id(customer: u64) -> String {
    (FIRST_CUSTOMER + customer).to_string()
}

/// The customer with this id.
#[must_use]
pub fn customer_of(id: &str) -> Option<u64> {
    id.parse::<u64>().ok()?.checked_sub(FIRST_CUSTOMER)
}

/// The number that a message's text begins with.
#[must_use]
pub fn number_in(text: &str) -> Option<u64> {
    text.split(' ').next()?.parse().ok()
}

/// The body of the `number`th message, written at `at` by `customer` to `account`, as the X
/// Activity API sends a mention without its optional parts; the text fills it up to [`BODY`].
#[must_use]
pub fn body(number: u64, customer: u64, account: &str, at: OffsetDateTime) -> String {
    let (id, customer) = (external_id(number), customer_id(customer));
    let at = at.format(&Rfc3339).unwrap_or_default();
    let head = format!(
        "{{\"data\":{{\"event_uuid\":\"-{id}\",\"filter\":{{\"user_id\":\"{account}\"}},\
         \"event_type\":\"post.mention.create\",\"payload\":{{\"id\":\"{id}\",\
         \"author_id\":\"{customer}\",\"created_at\":\"{at}\",\"conversation_id\":\"{id}\",\
         \"text\":\"{number} "
    );
    let tail = format!(
        "\"}},\"includes\":{{\"users\":[{{\"id\":\"{customer}\",\"name\":\"A customer\",\
         \"username\":\"c{customer}\"}}]}}}}}}"
    );
    let filling = BODY.saturating_sub(head.len() + tail.len());
    format!("{head}{}{tail}", "x".repeat(filling))
}

/// One connection to the webhooks' listener.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    head: String,
    secret: String,
    account: String,
    buffer: Vec<u8>,
}

impl Line {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn connect(target: &Target) -> io::Result<Self> {
        let address = target.url.strip_prefix("http://").unwrap_or(&target.url);
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let head = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             content-length: {BODY}\r\nx-twitter-webhooks-signature: "
        );
        Ok(Self {
            stream,
            head,
            secret: target.secret.clone(),
            account: target.account.clone(),
            buffer: Vec::with_capacity(4_096),
        })
    }

    /// Posts the `number`th message, from `customer`, and returns once it is answered 2xx.
    ///
    /// # Errors
    /// Whatever else happens, another answer included.
    pub async fn post(&mut self, number: u64, customer: u64) -> io::Result<()> {
        let body = body(number, customer, &self.account, now());
        let request =
            format!("{}{}\r\n\r\n{body}", self.head, signature(&self.secret, body.as_bytes()));
        self.stream.write_all(request.as_bytes()).await?;
        let answered = tokio::time::timeout(PATIENCE, self.answer()).await;
        match answered.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? {
            200..=299 => Ok(()),
            status => Err(io::Error::other(format!("message {number} was answered {status}"))),
        }
    }

    async fn answer(&mut self) -> io::Result<u16> {
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some((status, length)) = parsed(&self.buffer)? {
                while self.buffer.len() < length {
                    if self.stream.read_buf(&mut self.buffer).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                return Ok(status);
            }
        }
    }
}

/// Status and whole length of an answer, once its head is complete.
fn parsed(answer: &[u8]) -> io::Result<Option<(u16, usize)>> {
    let unreadable = || io::Error::from(io::ErrorKind::InvalidData);
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&answer[..end]).map_err(|_| unreadable())?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let (status, length) = status.zip(length).ok_or_else(unreadable)?;
    Ok(Some((status, end + 4 + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_has_the_stated_length_and_one_mention() {
        for number in [0, 9, 123_456_789] {
            let body = body(number, number, "1466789453278904321", OffsetDateTime::UNIX_EPOCH);
            assert_eq!(body.len(), BODY);
            let json: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            let payload = &json["data"]["payload"];
            let id = payload["id"].as_str().expect("an id");
            assert_eq!(number_of(id), Some(number));
            assert_eq!(payload["author_id"].as_str().and_then(customer_of), Some(number));
            assert_eq!(payload["text"].as_str().and_then(number_in), Some(number));
        }
    }

    #[test]
    fn an_answer_is_complete_with_its_body() {
        assert_eq!(parsed(b"HTTP/1.1 200 OK\r\ncontent-le").expect("so far"), None);
        let whole = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno";
        assert_eq!(parsed(whole).expect("readable"), Some((503, whole.len())));
        assert!(parsed(b"nonsense\r\n\r\n").is_err());
    }
}
