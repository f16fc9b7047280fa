//! Subjects: `guichet.<producer>.v1.<network or ->.<organization or ->.<fact>`.
//!
//! The only place that writes or reads one. Deliberately absent: free-form subjects.

use kit_values::OrganizationId;

const ROOT: &str = "guichet";
const VERSION: &str = "v1";
const NONE: &str = "-";

/// The subject of a fact. `network` and `organization` are absent for facts about neither.
///
/// Characters that NATS gives a meaning (`.`, `*`, `>`, blanks) in a producer, network or fact
/// become `_`, so that a name can never widen a subject.
#[must_use]
pub fn subject(
    producer: &str,
    network: Option<&str>,
    organization: Option<OrganizationId>,
    fact: &str,
) -> String {
    let organization = organization.map_or_else(|| NONE.to_owned(), |id| id.to_string());
    let network = network.map_or_else(|| NONE.to_owned(), token);
    format!("{ROOT}.{}.{VERSION}.{network}.{organization}.{}", token(producer), token(fact))
}

/// The filter for a producer's facts of one network (`None`: any) and one kind (`None`: any), of
/// every organization.
#[must_use]
pub fn filter(producer: &str, network: Option<&str>, fact: Option<&str>) -> String {
    let network = network.map_or_else(|| "*".to_owned(), token);
    let fact = fact.map_or_else(|| "*".to_owned(), token);
    format!("{ROOT}.{}.{VERSION}.{network}.*.{fact}", token(producer))
}

/// Every subject of a producer: what its stream takes in.
pub(crate) fn all(producer: &str) -> String {
    format!("{ROOT}.{}.>", token(producer))
}

/// `text` as one token of a subject.
pub(crate) fn token(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '.' | '*' | '>' => '_',
            other if other.is_whitespace() || other.is_control() => '_',
            other => other,
        })
        .collect()
}

/// What a subject says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The service that published it.
    pub producer: String,
    /// The network, when the fact is about one.
    pub network: Option<String>,
    /// The organization, when the fact is about one.
    pub organization: Option<OrganizationId>,
    /// The fact's name.
    pub fact: String,
}

impl Subject {
    /// Reads a subject; `None` when it is not one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut tokens = text.split('.');
        let (root, producer, version) = (tokens.next()?, tokens.next()?, tokens.next()?);
        let (network, organization, fact) = (tokens.next()?, tokens.next()?, tokens.next()?);
        if root != ROOT || version != VERSION || tokens.next().is_some() {
            return None;
        }
        let organization = match organization {
            NONE => None,
            id => Some(id.parse().ok()?),
        };
        Some(Self {
            producer: producer.to_owned(),
            network: (network != NONE).then(|| network.to_owned()),
            organization,
            fact: fact.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_subject_reads_back() {
        let organization = OrganizationId::mint();
        let text = subject("ingest", Some("x"), Some(organization), "message_observed");
        assert_eq!(text, format!("guichet.ingest.v1.x.{organization}.message_observed"));
        let parsed = Subject::parse(&text).expect("ours");
        assert_eq!(parsed.organization, Some(organization));
        assert_eq!(parsed.network.as_deref(), Some("x"));
        assert_eq!(parsed.fact, "message_observed");
    }

    #[test]
    fn a_fact_about_no_network_and_no_organization_says_so() {
        let text = subject("directory", None, None, "application_changed");
        assert_eq!(text, "guichet.directory.v1.-.-.application_changed");
        let parsed = Subject::parse(&text).expect("ours");
        assert_eq!((parsed.network, parsed.organization), (None, None));
    }

    #[test]
    fn filters_leave_the_organization_open() {
        assert_eq!(filter("ingest", Some("x"), None), "guichet.ingest.v1.x.*.*");
        assert_eq!(filter("ingest", None, Some("stored")), "guichet.ingest.v1.*.*.stored");
        assert_eq!(all("ingest"), "guichet.ingest.>");
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        for text in [
            "",
            "guichet.ingest.v2.x.-.fact",
            "other.ingest.v1.x.-.fact",
            "guichet.ingest.v1.x.nobody.fact",
            "guichet.ingest.v1.x.-.fact.more",
        ] {
            assert_eq!(Subject::parse(text), None, "{text} was read");
        }
    }

    proptest! {
        #[test]
        fn no_name_can_widen_a_subject(producer in ".{0,12}", network in ".{0,12}", fact in ".{0,12}") {
            let text = subject(&producer, Some(&network), Some(OrganizationId::mint()), &fact);
            prop_assert_eq!(text.split('.').count(), 6);
            prop_assert!(!text.contains(['*', '>', ' ']));
        }
    }
}
