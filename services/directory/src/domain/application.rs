//! One registration at a network: its secrets verify webhooks, and it carries channels.

use kit_values::{Fault, OrganizationId, Secret};

use super::{ApplicationId, Network, text};

/// An application as others see it; its secrets stay sealed in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id, part of its callback address.
    pub id: ApplicationId,
    /// Where it is registered.
    pub network: Network,
    /// 1 to 255 characters.
    pub name: String,
    /// Whose it is; none: the installation's, and it may carry channels of any organization.
    pub organization: Option<OrganizationId>,
    /// Whether the playground plays its network.
    pub simulated: bool,
    /// Grows with every change of its secrets.
    pub version: i64,
    /// Where its permalinks lead, without a trailing slash; empty: the real network's own.
    pub permalink_base: String,
}

/// What verifies an application's webhooks.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Any of them may have signed (rotation).
    pub signing: Vec<Secret<String>>,
    /// For Meta's hub handshake; empty for X.
    pub verify_token: Secret<String>,
}

/// Most signing secrets at once: an old and a new one of each of two kinds (Instagram has two).
const MOST_SECRETS: usize = 4;
const LONGEST_SECRET: usize = 1_024;

/// What an operator asks for.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Given, or minted by the shell.
    pub id: ApplicationId,
    /// Where it is registered.
    pub network: Network,
    /// For people.
    pub name: String,
    /// Whose it is.
    pub organization: Option<OrganizationId>,
    /// Whether the playground plays its network.
    pub simulated: bool,
    /// Empty, or an `http` or `https` address.
    pub permalink_base: String,
}

/// Checks what an operator asks for. An application without a signing secret is accepted: its
/// webhooks are refused until it has one.
pub fn register(registration: &Registration, secrets: &Credentials) -> Result<Application, Fault> {
    let permalink_base = registration.permalink_base.trim().trim_end_matches('/');
    let is_address =
        permalink_base.starts_with("http://") || permalink_base.starts_with("https://");
    let has_blank = permalink_base.chars().any(|c| c.is_whitespace() || c.is_control());
    if !permalink_base.is_empty() && (!is_address || has_blank || permalink_base.len() > 2_048) {
        return Err(Fault::invalid(
            "permalink_base",
            "permalink_base",
            "Give an http or https address, or nothing.",
        ));
    }
    if secrets.signing.len() > MOST_SECRETS {
        return Err(Fault::invalid(
            "too_many_secrets",
            "signing_secrets",
            format!("An application has at most {MOST_SECRETS} signing secrets."),
        ));
    }
    let lengths = secrets.signing.iter().map(|secret| secret.expose().len());
    if lengths.clone().any(|length| length == 0 || length > LONGEST_SECRET) {
        return Err(Fault::invalid(
            "signing_secret",
            "signing_secrets",
            format!("A signing secret has 1 to {LONGEST_SECRET} bytes."),
        ));
    }
    if secrets.verify_token.expose().len() > LONGEST_SECRET {
        return Err(Fault::invalid(
            "verify_token",
            "verify_token",
            format!("A verify token has at most {LONGEST_SECRET} bytes."),
        ));
    }
    Ok(Application {
        id: registration.id,
        network: registration.network,
        name: text::line("name", &registration.name, 255)?,
        organization: registration.organization,
        simulated: registration.simulated,
        version: 1,
        permalink_base: permalink_base.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registration(permalink_base: &str) -> Registration {
        Registration {
            id: ApplicationId::mint(),
            network: Network::X,
            name: "Quai on X".to_owned(),
            organization: None,
            simulated: true,
            permalink_base: permalink_base.to_owned(),
        }
    }

    #[test]
    fn a_permalink_base_is_a_web_address_without_trailing_slash() {
        let secrets = Credentials::default();
        let application = register(&registration("http://localhost:8080/playground/x/"), &secrets)
            .expect("valid");
        assert_eq!(application.permalink_base, "http://localhost:8080/playground/x");
        assert!(register(&registration(""), &secrets).is_ok());
        for wrong in ["javascript:alert(1)", "ftp://x", "//evil", "https://a b"] {
            assert!(register(&registration(wrong), &secrets).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_empty_signing_secret_is_refused() {
        let secrets = Credentials {
            signing: vec![Secret::new(String::new())],
            verify_token: Secret::default(),
        };
        let fault = register(&registration(""), &secrets).expect_err("refused");
        assert_eq!(fault.field(), Some("signing_secrets"));
    }
}
