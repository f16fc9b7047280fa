//! The people of the demonstration. All names are made up.

use super::values::{Language, Persona};

const PEOPLE: [(&str, &str, &str, Language); 24] = [
    ("amelie", "Amélie Roussel", "amelie_roussel", Language::Fr),
    ("tom", "Tom Hadley", "tomhadley", Language::En),
    ("karim", "كريم منصور", "karim_mansour", Language::Ar),
    ("priya", "Priya Raman", "priya_raman", Language::En),
    ("julien", "Julien Garnier", "jgarnier", Language::Fr),
    ("grace", "Grace Okafor", "grace_okafor", Language::En),
    ("lea", "Léa Fontaine", "lea_fontaine", Language::Fr),
    ("oliver", "Oliver Bright", "oliverbright", Language::En),
    ("nadia", "Nadia Belkacem", "nadia_belk", Language::Fr),
    ("hannah", "Hannah Weiss", "hannahweiss", Language::En),
    ("samira", "سميرة الحداد", "samira_hd", Language::Ar),
    ("mathieu", "Mathieu Lefèvre", "mathieu_lfv", Language::Fr),
    ("daniel", "Daniel Mensah", "danmensah", Language::En),
    ("chloe", "Chloé Marchand", "chloe_marchand", Language::Fr),
    ("erin", "Erin Gallagher", "eringallagher", Language::En),
    ("baptiste", "Baptiste Noël", "baptiste_noel", Language::Fr),
    ("yuki", "Yuki Tanaka 🌸", "yukitanaka", Language::En),
    ("ines", "Inès Carpentier", "ines_carp", Language::Fr),
    ("omar", "عمر الفاسي", "omar_elfassi", Language::Ar),
    ("lucy", "Lucy Fenwick", "lucyfenwick", Language::En),
    ("thomas", "Thomas Girard", "thomas_girard", Language::Fr),
    ("ben", "Ben Castellano", "bcastellano", Language::En),
    ("margaux", "Margaux Dubreuil", "margaux_db", Language::Fr),
    ("zoe", "Zoë Lindqvist", "zoelindqvist", Language::En),
];

/// Everybody who takes part in demonstrations.
#[must_use]
pub fn people() -> Vec<Persona> {
    let persona = |(key, name, handle, language): &(&str, &str, &str, Language)| Persona {
        key: (*key).to_owned(),
        name: (*name).to_owned(),
        handle: (*handle).to_owned(),
        language: *language,
    };
    PEOPLE.iter().map(persona).collect()
}
