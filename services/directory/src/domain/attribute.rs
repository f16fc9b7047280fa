//! What can be known of a contact, as an organization's admins define it.

use kit_values::{Class, Fault};

use super::{AttributeId, text};

/// How values of an attribute look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A line.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of its choices.
    List,
    /// Yes or no.
    Boolean,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A telephone number.
    Phone,
}

impl Type {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Number,
        Self::Date,
        Self::List,
        Self::Boolean,
        Self::Url,
        Self::Email,
        Self::Phone,
    ];

    /// As it is written in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::List => "list",
            Self::Boolean => "boolean",
            Self::Url => "url",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// The one of that [`Type::name`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.name() == name)
    }
}

/// One attribute that is not archived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its id.
    pub id: AttributeId,
    /// Of the four that every organization begins with; else empty.
    pub key: String,
    /// 1 to 80 characters.
    pub name: String,
    /// How its values look; never changes.
    pub of: Type,
    /// Of a list, in order; else empty.
    pub choices: Vec<String>,
    /// On the Contact tab.
    pub shown: bool,
    /// Grows with every change.
    pub version: i64,
}

/// All of one organization's, in the admin's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// In order.
    pub list: Vec<Attribute>,
    /// Grows with every change of any of them.
    pub version: i64,
}

/// What every organization begins with (`product.md` 2, S27): key, name in English and in French,
/// type.
pub const SEEDED: [(&str, &str, &str, Type); 4] = [
    ("language", "Language", "Langue", Type::Text),
    ("email", "Email", "E-mail", Type::Email),
    ("account_number", "Account number", "Numéro de compte", Type::Text),
    ("affiliation", "Affiliation", "Affiliation", Type::Text),
];

const LONGEST_NAME: usize = 80;
const LONGEST_CHOICE: usize = 120;
const MOST_CHOICES: usize = 200;
/// Most attributes of one organization.
pub const MOST: usize = 100;

/// The list that an organization of this language begins with.
#[must_use]
pub fn seeded(language: &str, ids: [AttributeId; 4]) -> Attributes {
    let french = language == "fr" || language.starts_with("fr-");
    let list = SEEDED
        .into_iter()
        .zip(ids)
        .map(|((key, english, in_french, of), id)| Attribute {
            id,
            key: key.to_owned(),
            name: if french { in_french } else { english }.to_owned(),
            of,
            choices: Vec::new(),
            shown: true,
            version: 1,
        })
        .collect();
    Attributes { list, version: 1 }
}

/// What of an attribute is to change.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// Whether it is on the Contact tab.
    pub shown: Option<bool>,
    /// What may be chosen.
    pub choices: Option<Vec<String>>,
}

impl Attributes {
    /// With one more, at the end.
    ///
    /// # Errors
    /// Invalid, naming the field; rejected when there are too many already or the name is taken.
    pub fn with(
        &self,
        id: AttributeId,
        name: &str,
        of: Type,
        choices: &[String],
        shown: bool,
    ) -> Result<Self, Fault> {
        if self.list.len() >= MOST {
            let sentence = format!("An organization has at most {MOST} contact attributes.");
            return Err(Fault::new(Class::Rejected, "too_many_attributes", sentence));
        }
        let name = self.free_name(id, name)?;
        let choices = checked_choices(of, choices)?;
        let added = Attribute { id, key: String::new(), name, of, choices, shown, version: 1 };
        let mut list = self.list.clone();
        list.push(added);
        Ok(Self { list, version: self.version + 1 })
    }

    /// With one changed, seen at `version`.
    ///
    /// # Errors
    /// Not found; rejected as stale when its version is another; invalid, naming the field.
    pub fn changed(&self, id: AttributeId, version: i64, change: &Change) -> Result<Self, Fault> {
        let mut list = self.list.clone();
        let found = list
            .iter_mut()
            .find(|attribute| attribute.id == id)
            .ok_or_else(|| Fault::not_found("contact attribute"))?;
        if found.version != version {
            return Err(super::stale("contact attribute"));
        }
        if let Some(name) = &change.name {
            found.name = self.free_name(id, name)?;
        }
        if let Some(choices) = &change.choices {
            found.choices = checked_choices(found.of, choices)?;
        }
        found.shown = change.shown.unwrap_or(found.shown);
        found.version += 1;
        Ok(Self { list, version: self.version + 1 })
    }

    /// Without one.
    ///
    /// # Errors
    /// Not found.
    pub fn without(&self, id: AttributeId) -> Result<Self, Fault> {
        let list: Vec<Attribute> =
            self.list.iter().filter(|attribute| attribute.id != id).cloned().collect();
        if list.len() == self.list.len() {
            return Err(Fault::not_found("contact attribute"));
        }
        Ok(Self { list, version: self.version + 1 })
    }

    /// In another order, the list seen at `version`.
    ///
    /// # Errors
    /// Not found for one that is not among them; rejected as stale when the version is another;
    /// invalid unless every one stands there once.
    pub fn ordered(&self, ids: &[AttributeId], version: i64) -> Result<Self, Fault> {
        if ids.iter().any(|id| self.list.iter().all(|attribute| attribute.id != *id)) {
            return Err(Fault::not_found("contact attribute"));
        }
        if version != self.version {
            return Err(super::stale("order of contact attributes"));
        }
        let mut left = self.list.clone();
        let mut list = Vec::with_capacity(left.len());
        for id in ids {
            let place = left.iter().position(|attribute| attribute.id == *id);
            let place = place.ok_or_else(incomplete)?;
            list.push(left.remove(place));
        }
        if !left.is_empty() {
            return Err(incomplete());
        }
        Ok(Self { list, version: self.version + 1 })
    }

    /// A name that no other attribute has, whatever the case of its letters.
    fn free_name(&self, id: AttributeId, name: &str) -> Result<String, Fault> {
        let name = text::line("name", name, LONGEST_NAME)?;
        let folded = name.to_lowercase();
        let taken = self
            .list
            .iter()
            .any(|attribute| attribute.id != id && attribute.name.to_lowercase() == folded);
        if taken {
            let sentence = "Another contact attribute has this name.";
            return Err(Fault::invalid("name_taken", "name", sentence));
        }
        Ok(name)
    }
}

fn incomplete() -> Fault {
    let sentence = "Name every contact attribute exactly once.";
    Fault::invalid("order_incomplete", "attribute_ids", sentence)
}

fn checked_choices(of: Type, choices: &[String]) -> Result<Vec<String>, Fault> {
    if of != Type::List {
        return if choices.is_empty() {
            Ok(Vec::new())
        } else {
            Err(Fault::invalid("choices", "choices", "Only a list has choices."))
        };
    }
    if choices.is_empty() || choices.len() > MOST_CHOICES {
        let sentence = format!("A list has 1 to {MOST_CHOICES} choices.");
        return Err(Fault::invalid("choices", "choices", sentence));
    }
    let mut checked: Vec<String> = Vec::with_capacity(choices.len());
    for choice in choices {
        let choice = text::line("choices", choice, LONGEST_CHOICE)?;
        if checked.contains(&choice) {
            return Err(Fault::invalid("choice_twice", "choices", "A choice stands there twice."));
        }
        checked.push(choice);
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn four() -> Attributes {
        seeded("en", std::array::from_fn(|_| AttributeId::mint()))
    }

    #[test]
    fn an_organization_begins_with_four_in_its_own_language() {
        let names = |language: &str| {
            let seeded = seeded(language, std::array::from_fn(|_| AttributeId::mint()));
            seeded.list.into_iter().map(|attribute| attribute.name).collect::<Vec<_>>()
        };
        assert_eq!(names("en"), ["Language", "Email", "Account number", "Affiliation"]);
        assert_eq!(names("fr-CA"), ["Langue", "E-mail", "Numéro de compte", "Affiliation"]);
        assert_eq!(names("fro"), names("en"));
    }

    #[test]
    fn a_name_is_one_attributes_whatever_its_case() {
        let four = four();
        let id = AttributeId::mint();
        let taken = four.with(id, " EMAIL ", Type::Text, &[], true).expect_err("taken");
        assert_eq!((taken.code(), taken.field()), ("name_taken", Some("name")));
        let renamed = Change { name: Some("email".to_owned()), ..Change::default() };
        let own = four.list[1].id;
        assert_eq!(four.changed(own, 1, &renamed).expect("its own").list[1].name, "email");
        assert!(four.with(id, &"é".repeat(80), Type::Text, &[], true).is_ok());
        assert!(four.with(id, &"é".repeat(81), Type::Text, &[], true).is_err());
    }

    #[test]
    fn only_a_list_has_choices_and_it_has_some() {
        let (four, id) = (four(), AttributeId::mint());
        let choices =
            |choices: &[&str]| choices.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        assert!(four.with(id, "Tier", Type::List, &[], true).is_err());
        assert!(four.with(id, "Tier", Type::Text, &choices(&["a"]), true).is_err());
        assert!(four.with(id, "Tier", Type::List, &choices(&["a", " a"]), true).is_err());
        let list = four.with(id, "Tier", Type::List, &choices(&["b ", "a"]), true).expect("fine");
        assert_eq!(list.list[4].choices, ["b", "a"]);
    }

    #[test]
    fn what_was_seen_at_another_version_is_refused() {
        let four = four();
        let hidden = Change { shown: Some(false), ..Change::default() };
        let changed = four.changed(four.list[0].id, 1, &hidden).expect("changed");
        assert_eq!((changed.version, changed.list[0].version), (2, 2));
        let again = changed.changed(four.list[0].id, 1, &hidden).expect_err("stale");
        assert_eq!((again.class(), again.code()), (Class::Rejected, "stale"));
        let ids: Vec<_> = four.list.iter().map(|attribute| attribute.id).collect();
        assert_eq!(changed.ordered(&ids, 1).expect_err("stale").code(), "stale");
    }

    proptest! {
        #[test]
        fn an_order_is_a_permutation_and_nothing_else(
            picks in prop::collection::vec(0_usize..4, 0..6),
        ) {
            let four = four();
            let ids: Vec<AttributeId> = picks.iter().map(|pick| four.list[*pick].id).collect();
            let mut sorted = picks.clone();
            sorted.sort_unstable();
            match four.ordered(&ids, 1) {
                Ok(ordered) => {
                    prop_assert_eq!(sorted, vec![0, 1, 2, 3]);
                    let found: Vec<_> = ordered.list.iter().map(|attribute| attribute.id).collect();
                    prop_assert_eq!(found, ids);
                }
                Err(fault) => {
                    prop_assert_ne!(sorted, vec![0, 1, 2, 3]);
                    prop_assert_eq!(fault.code(), "order_incomplete");
                }
            }
        }
    }
}
