//! Typed identifiers: a UUIDv7 inside, a prefix outside.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What an id identifies; carries the prefix of its public form.
pub trait Kind {
    /// Prefix of the public form, without the underscore.
    const PREFIX: &'static str;
}

/// An identifier of one kind. The database holds the UUID; every edge shows `prefix_` and 32
/// lower-case hexadecimal digits, so that ids of two kinds cannot be confused.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// A fresh time-ordered UUID.
///
/// Decisions take ids as arguments; only the shell around them calls this.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that mints ids")]
pub fn mint_uuid() -> Uuid {
    Uuid::now_v7()
}

impl<K> Id<K> {
    /// A fresh id.
    #[must_use]
    pub fn mint() -> Self {
        Self::from_uuid(mint_uuid())
    }

    /// The id with this UUID.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID, as the database keeps it.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

/// Why a text is not an id of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not an id of the form {}_ and 32 hexadecimal digits", self.prefix)
    }
}

impl std::error::Error for IdError {}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = IdError { prefix: K::PREFIX };
        let digits = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .filter(|digits| {
                digits.len() == 32 && !digits.bytes().any(|byte| byte.is_ascii_uppercase())
            })
            .ok_or(error)?;
        Uuid::try_parse(digits).map(Self::from_uuid).map_err(|_| error)
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}_{}", K::PREFIX, self.0.simple())
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Declares an id type and its marker:
/// `typed_id! { /// One parcel. pub ParcelId(ParcelKind) = "parcel" }`.
#[macro_export]
macro_rules! typed_id {
    ($(#[$docs:meta])* $visibility:vis $name:ident($kind:ident) = $prefix:literal) => {
        $(#[$docs])*
        $visibility type $name = $crate::Id<$kind>;

        #[doc = concat!("Marks ids of the form `", $prefix, "_…`; never constructed.")]
        $visibility enum $kind {}

        impl $crate::Kind for $kind {
            const PREFIX: &'static str = $prefix;
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Parcel {}
    impl Kind for Parcel {
        const PREFIX: &'static str = "parcel";
    }

    #[test]
    fn an_id_reads_back_from_its_public_form() {
        let id = Id::<Parcel>::mint();
        assert_eq!(id.to_string().parse(), Ok(id));
        let json = serde_json::to_string(&id).expect("serialises");
        assert_eq!(serde_json::from_str::<Id<Parcel>>(&json).expect("reads back"), id);
    }

    #[test]
    fn only_the_canonical_form_of_the_right_kind_is_an_id() {
        let digits = "0192f0c1a2b37c4d8e5f60718293a4b5";
        assert!(format!("parcel_{digits}").parse::<Id<Parcel>>().is_ok());
        for wrong in [
            digits.to_owned(),
            format!("letter_{digits}"),
            format!("parcel{digits}"),
            format!("parcel_{}", digits.to_uppercase()),
            format!("parcel_{{{digits}}}"),
            format!("parcel_{}", &digits[1..]),
            "parcel_0192f0c1-a2b3-7c4d-8e5f-60718293a4b5".to_owned(),
        ] {
            assert!(wrong.parse::<Id<Parcel>>().is_err(), "{wrong} was taken for an id");
        }
    }

    #[test]
    fn later_ids_are_greater() {
        let first = Id::<Parcel>::mint();
        let second = Id::<Parcel>::mint();
        assert!(first < second);
    }
}
