//! The tenant.

use kit_values::{Fault, OrganizationId};

use super::text;

/// The tenant as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// 1 to 255 characters.
    pub name: String,
    /// BCP 47: `en`, `fr`.
    pub language: String,
    /// IANA name: `Europe/Paris`.
    pub time_zone: String,
}

/// Checks what an operator asks for. Language and time zone may be empty: English, UTC.
pub fn describe(
    id: OrganizationId,
    name: &str,
    language: &str,
    time_zone: &str,
) -> Result<Organization, Fault> {
    let language = if language.is_empty() { "en" } else { language };
    if !is_language(language) {
        return Err(Fault::invalid(
            "language",
            "language",
            "Give a language tag such as en or fr.",
        ));
    }
    let time_zone = if time_zone.is_empty() { "UTC" } else { time_zone };
    if !is_time_zone(time_zone) {
        return Err(Fault::invalid(
            "time_zone",
            "time_zone",
            "Give an IANA time zone such as Europe/Paris.",
        ));
    }
    Ok(Organization {
        id,
        name: text::line("name", name, 255)?,
        language: language.to_owned(),
        time_zone: time_zone.to_owned(),
    })
}

/// The shape of a BCP 47 tag: a language of two or three letters, then subtags.
fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let primary = subtags.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && tag.len() <= 35
        && subtags.all(|subtag| {
            (1..=8).contains(&subtag.len())
                && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The shape of an IANA name; whether the zone exists is the browser's to know.
fn is_time_zone(name: &str) -> bool {
    name.len() <= 64
        && name.split('/').all(|part| {
            part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_without_preferences_speaks_english_in_utc() {
        let organization = describe(OrganizationId::mint(), " Quai ", "", "").expect("valid");
        assert_eq!(
            (&*organization.name, &*organization.language, &*organization.time_zone),
            ("Quai", "en", "UTC")
        );
    }

    #[test]
    fn language_and_time_zone_must_look_like_one() {
        let id = OrganizationId::mint();
        for language in ["fr", "fr-CA", "zh-Hant-TW"] {
            assert!(describe(id, "Quai", language, "").is_ok(), "{language}");
        }
        for language in ["FR", "f", "french", "fr_CA", "fr-", "fr-<b>"] {
            assert!(describe(id, "Quai", language, "").is_err(), "{language}");
        }
        for zone in ["Europe/Paris", "America/Argentina/Ushuaia", "Etc/GMT+3", "UTC"] {
            assert!(describe(id, "Quai", "", zone).is_ok(), "{zone}");
        }
        for zone in ["Europe/", "/Paris", "../etc/passwd", "Europe/Pa ris", "+3"] {
            assert!(describe(id, "Quai", "", zone).is_err(), "{zone}");
        }
    }
}
