//! Mail: what is written ([`letter`]), and leaving it at the mail server by SMTP.

mod letter;

use std::time::Duration;

use kit_values::Fault;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::config::{Encryption, Smtp};

pub use letter::{Letter, Occasion};

/// How long the mail server may take.
const DEADLINE: Duration = Duration::from_secs(20);

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Who sends mails.
pub struct Mailer {
    transport: Transport,
    from: Mailbox,
}

/// How a mail ended that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// What it is to go to is no address.
    NoAddress,
    /// The mail server says no.
    Refused,
    /// Another try may succeed.
    Later,
}

impl Unsent {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::Refused => "mail_refused",
            Self::Later => "mail_unreachable",
        }
    }
}

/// Asks machines not to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Mailer {
    /// By the server of the settings; connected when first used.
    ///
    /// # Errors
    /// Invalid when a setting cannot be used.
    pub fn new(settings: &Smtp) -> Result<Self, Fault> {
        kit_service::cryptography();
        let sentence = "Give a sender, as Guichet <care@example.com>.";
        let from = settings
            .from
            .parse()
            .map_err(|_| Fault::invalid("smtp_settings", "notification.smtp.from", sentence))?;
        let builder = match settings.encryption {
            Encryption::Tls => Transport::relay(&settings.host),
            Encryption::StartTls => Transport::starttls_relay(&settings.host),
            Encryption::None => Ok(Transport::builder_dangerous(&settings.host)),
        };
        let builder = builder.map_err(|error| {
            let sentence = "This is no name of a mail server.";
            Fault::invalid("smtp_settings", "notification.smtp.host", sentence).caused_by(error)
        })?;
        let mut builder = builder.port(settings.port).timeout(Some(DEADLINE));
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            let credentials = Credentials::new(user.clone(), password.expose().clone());
            builder = builder.credentials(credentials);
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// Why not.
    pub async fn send(&self, to: &str, letter: &Letter<'_>) -> Result<(), Unsent> {
        let address: Address = to.parse().map_err(|_| Unsent::NoAddress)?;
        let written = letter.write();
        let name = Some(letter::quoted(letter.name)).filter(|name| !name.is_empty());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(written.subject)
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(written.text, written.html))
            .map_err(|_| Unsent::Refused)?;
        self.transport.send(message).await.map(drop).map_err(|error| {
            // Its words can name the reader.
            let passing = !error.is_permanent();
            tracing::warn!(passing, timeout = error.is_timeout(), "a mail was not sent");
            if passing { Unsent::Later } else { Unsent::Refused }
        })
    }
}
