//! As whom the servers run.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use kit_values::Fault;

use super::machine;

/// Users to run as when this process is root, best first. PostgreSQL wants one that exists in the
/// system's list of users.
const CANDIDATES: [&str; 3] = ["guichet", "postgres", "nobody"];

/// A user of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    /// The user's number.
    pub uid: u32,
    /// Its first group's number.
    pub gid: u32,
    /// Whether children must be given another user than this process has.
    pub switch: bool,
}

impl Account {
    /// This process's own user; as root, whoever owns the data already, else the first candidate
    /// that the system knows.
    pub(super) fn choose(data: &Path) -> Result<Self, Fault> {
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            let gid = rustix::process::getegid().as_raw();
            return Ok(Self { uid, gid, switch: false });
        }
        let users = fs::read_to_string("/etc/passwd").map_err(Fault::internal)?;
        let owner = fs::metadata(data.join("postgres")).ok().map(|found| found.uid());
        choose_from(&users, owner).ok_or_else(|| {
            machine(
                "no_user_for_servers",
                "PostgreSQL does not run as root, and this system has no user 'guichet', \
                 'postgres' or 'nobody'. Run deploy/install, or start Guichet as an ordinary user."
                    .to_owned(),
            )
        })
    }
}

fn choose_from(users: &str, owner: Option<u32>) -> Option<Account> {
    let known: Vec<(&str, u32, u32)> = users.lines().filter_map(parse).collect();
    let of = |&(_, uid, gid): &(&str, u32, u32)| Account { uid, gid, switch: true };
    let keeper = owner.filter(|&uid| uid != 0);
    known.iter().find(|(_, uid, _)| Some(*uid) == keeper).map(of).or_else(|| {
        CANDIDATES.iter().find_map(|name| known.iter().find(|(known, ..)| known == name).map(of))
    })
}

fn parse(line: &str) -> Option<(&str, u32, u32)> {
    let mut fields = line.split(':');
    let name = fields.next()?;
    let uid = fields.nth(1)?.parse().ok()?;
    Some((name, uid, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\n\
        postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash\n\
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n";

    #[test]
    fn root_hands_over_to_the_best_user_there_is() {
        let chosen = choose_from(USERS, None).expect("one");
        assert_eq!((chosen.uid, chosen.gid, chosen.switch), (101, 104, true));
        let with_ours = format!("{USERS}guichet:x:998:997::/var/lib/guichet:/usr/sbin/nologin\n");
        assert_eq!(choose_from(&with_ours, None).map(|account| account.uid), Some(998));
    }

    #[test]
    fn the_owner_of_existing_data_stays() {
        assert_eq!(choose_from(USERS, Some(65534)).map(|account| account.uid), Some(65534));
        // Data of nobody that the system knows, or of root, does not decide.
        assert_eq!(choose_from(USERS, Some(4321)).map(|account| account.uid), Some(101));
        assert_eq!(choose_from(USERS, Some(0)).map(|account| account.uid), Some(101));
        assert_eq!(choose_from("", None), None);
    }
}
