//! Mails about somebody's account. The address in them carries a token: it is kept nowhere, and
//! tried once.

use kit_values::{Fault, now};
use proto::notification::v1 as pb;

use crate::dispatch::Tools;
use crate::mail::{Letter, Occasion, Unsent};

/// Sends it; why not.
///
/// # Errors
/// Invalid when the request says not what to send.
pub async fn send(
    tools: &Tools,
    asked: &pb::SendAccountMailRequest,
) -> Result<Result<(), &'static str>, Fault> {
    let occasion = match asked.mail() {
        pb::AccountMail::PasswordReset => Occasion::PasswordReset,
        pb::AccountMail::Invitation => Occasion::Invitation,
        pb::AccountMail::Unspecified => {
            return Err(Fault::invalid("mail", "mail", "This names no mail."));
        }
    };
    if !asked.url.starts_with("https://") && !asked.url.starts_with("http://") {
        return Err(Fault::invalid("url", "url", "This is no address to go on at."));
    }
    let Some(mailer) = &tools.mailer else { return Ok(Err("no_mail_server")) };
    let expires_at = asked.expires_at.map(|at| at.seconds - now().unix_timestamp());
    let letter = Letter {
        occasion,
        language: &asked.language,
        name: &asked.display_name,
        about: &asked.organization_name,
        url: &asked.url,
        until: &expires_at.map(span).unwrap_or_default(),
    };
    Ok(mailer.send(&asked.to, &letter).await.map_err(Unsent::code))
}

/// Seconds in a unit that both languages write alike.
fn span(seconds: i64) -> String {
    let minutes = (seconds + 59).max(60) / 60;
    if minutes < 120 { format!("{minutes} min") } else { format!("{} h", (minutes + 30) / 60) }
}
