//! A person of one organization, and how they are named when they sign in.

use std::collections::BTreeSet;
use std::fmt;

use kit_values::{Class, Fault, OrganizationId};

use super::{MemberId, text};

/// What a member may do in their organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Answers conversations.
    Agent,
    /// Watches over agents.
    Supervisor,
    /// Changes settings.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Agent, Self::Supervisor, Self::Admin];

    /// As it is written in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }

    /// The role of that [`Role::name`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// The name that a member signs in with: unique over the whole installation, whatever the case
/// of its letters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login(String);

impl Login {
    /// Longest login, in characters (the longest mail address).
    pub const LONGEST: usize = 254;

    /// The login that `text` names.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let login = text::line("login", text, Self::LONGEST)?.to_lowercase();
        if login.chars().any(char::is_whitespace) {
            return Err(Fault::invalid("login", "login", "A login has no blanks."));
        }
        // Lower case of a letter can be longer than the letter.
        if login.chars().count() > Self::LONGEST {
            return Err(Fault::invalid("too_long", "login", "This login is too long."));
        }
        Ok(Self(login))
    }

    /// The login's text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A login is personal data: it is not printed.
impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Login(…)")
    }
}

/// A member as others see it; the password's hash stays in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// Where they belong.
    pub organization: OrganizationId,
    /// What they sign in with.
    pub login: Login,
    /// 1 to 255 characters.
    pub display_name: String,
    /// At least one.
    pub roles: BTreeSet<Role>,
    /// Grows when older sessions become void.
    pub session_epoch: i64,
    /// May not sign in, and counts as nobody in every right.
    pub deactivated: bool,
    /// Grows with every change of name, roles or activity.
    pub version: i64,
}

impl Member {
    /// Whether they change settings.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        !self.deactivated && self.roles.contains(&Role::Admin)
    }

    /// The same, older sessions void.
    #[must_use]
    pub fn with_sessions_void(&self) -> Self {
        Self { session_epoch: self.session_epoch + 1, ..self.clone() }
    }
}

/// What of a member is to change.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Their name.
    pub display_name: Option<String>,
    /// What they may do; unchanged when none.
    pub roles: Vec<Role>,
    /// Whether they may sign in at all.
    pub active: Option<bool>,
}

/// The member changed, seen at `version`; `other_admins` are the active admins besides them.
/// Whoever is deactivated is signed out.
///
/// # Errors
/// Rejected as stale when the version is another, or when nobody would be left to administer
/// (`last_admin`); invalid, naming the field.
pub fn change(
    member: &Member,
    version: i64,
    change: &Change,
    other_admins: usize,
) -> Result<Member, Fault> {
    if member.version != version {
        return Err(super::stale("member"));
    }
    let mut changed = member.clone();
    if let Some(name) = &change.display_name {
        changed.display_name = text::line("display_name", name, 255)?;
    }
    if !change.roles.is_empty() {
        changed.roles = change.roles.iter().copied().collect();
    }
    if let Some(active) = change.active {
        changed.deactivated = !active;
    }
    if member.is_admin() && !changed.is_admin() && other_admins == 0 {
        let sentence = "This is the last active administrator; make somebody else one first.";
        return Err(Fault::new(Class::Rejected, "last_admin", sentence));
    }
    if changed.deactivated && !member.deactivated {
        changed.session_epoch += 1;
    }
    changed.version += 1;
    Ok(changed)
}

/// Shortest password, in characters (OWASP ASVS 5.0, 6.2.1 asks for at least 8).
pub const SHORTEST_PASSWORD: usize = 12;
/// Longest password, in bytes: a bound on what is hashed (ASVS 6.2.9 asks for at least 64
/// characters).
pub const LONGEST_PASSWORD: usize = 1_024;

/// Checks what an operator asks for a new member.
pub fn describe(
    id: MemberId,
    organization: OrganizationId,
    login: &str,
    display_name: &str,
    roles: &[Role],
) -> Result<Member, Fault> {
    let roles: BTreeSet<Role> = roles.iter().copied().collect();
    if roles.is_empty() {
        return Err(Fault::invalid("roles", "roles", "A member has at least one role."));
    }
    Ok(Member {
        id,
        organization,
        login: Login::parse(login)?,
        display_name: text::line("display_name", display_name, 255)?,
        roles,
        session_epoch: 1,
        deactivated: false,
        version: 1,
    })
}

/// Whether `password` may become somebody's password. It is taken as it is, blanks included.
pub fn check_new_password(password: &str) -> Result<(), Fault> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(Fault::invalid(
            "password_too_short",
            "password",
            format!("A password has at least {SHORTEST_PASSWORD} characters."),
        ));
    }
    if password.len() > LONGEST_PASSWORD {
        return Err(Fault::invalid(
            "password_too_long",
            "password",
            format!("A password has at most {LONGEST_PASSWORD} bytes."),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_that_differ_in_case_alone_are_one_login() {
        let login = Login::parse(" Amélie@Quai.example ").expect("valid");
        assert_eq!(login, Login::parse("AMÉLIE@quai.EXAMPLE").expect("valid"));
        assert!(!format!("{login:?}").contains("quai"));
        assert!(Login::parse("two words").is_err());
        assert!(Login::parse("").is_err());
    }

    #[test]
    fn a_member_has_at_least_one_role_and_each_once() {
        let (id, organization) = (MemberId::mint(), OrganizationId::mint());
        assert!(describe(id, organization, "a", "A", &[]).is_err());
        let member = describe(id, organization, "a", "A", &[Role::Admin, Role::Agent, Role::Admin])
            .expect("valid");
        assert_eq!(member.roles.len(), 2);
    }

    #[test]
    fn the_last_active_admin_stays_one() {
        let (id, organization) = (MemberId::mint(), OrganizationId::mint());
        let admin = describe(id, organization, "a", "A", &[Role::Admin]).expect("valid");
        let away = Change { active: Some(false), ..Change::default() };
        let demoted = Change { roles: vec![Role::Agent], ..Change::default() };
        for asked in [&away, &demoted] {
            assert_eq!(change(&admin, 1, asked, 0).expect_err("the last").code(), "last_admin");
            let changed = change(&admin, 1, asked, 1).expect("another one is left");
            assert!(!changed.is_admin());
            assert_eq!(changed.version, 2);
        }
        let named = Change { display_name: Some(" B ".to_owned()), ..Change::default() };
        let renamed = change(&admin, 1, &named, 0).expect("still an admin");
        assert_eq!((&*renamed.display_name, renamed.session_epoch), ("B", 1));
        assert_eq!(change(&renamed, 1, &named, 0).expect_err("seen before").code(), "stale");
    }

    #[test]
    fn whoever_is_deactivated_is_signed_out_once() {
        let (id, organization) = (MemberId::mint(), OrganizationId::mint());
        let agent = describe(id, organization, "a", "A", &[Role::Agent]).expect("valid");
        let active = |active| Change { active: Some(active), ..Change::default() };
        let gone = change(&agent, 1, &active(false), 1).expect("changed");
        assert_eq!((gone.deactivated, gone.session_epoch), (true, 2));
        let back = change(&gone, 2, &active(true), 1).expect("changed");
        assert_eq!((back.deactivated, back.session_epoch), (false, 2));
    }

    #[test]
    fn a_password_is_bounded_on_both_sides() {
        assert!(check_new_password("12345678901").is_err());
        assert!(check_new_password("123456789012").is_ok());
        assert!(check_new_password(&"x".repeat(LONGEST_PASSWORD)).is_ok());
        assert!(check_new_password(&"x".repeat(LONGEST_PASSWORD + 1)).is_err());
    }

    #[test]
    fn roles_and_networks_read_back_from_their_names() {
        for role in Role::ALL {
            assert_eq!(Role::named(role.name()), Some(role));
        }
        for network in crate::domain::Network::ALL {
            assert_eq!(crate::domain::Network::named(network.name()), Some(network));
        }
    }
}
