//! Passwords are kept as argon2id hashes only (RFC 9106; parameters of the OWASP password
//! storage cheat sheet: 19 MiB, two passes, one lane).
//!
//! Hashing keeps a processor busy for tens of milliseconds and memory occupied meanwhile, so
//! few run at a time, on the blocking pool.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use kit_service::Tasks;
use kit_values::{Class, Fault, Secret};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many hashes are computed at the same time.
const AT_ONCE: usize = 2;
/// How many callers may wait for their turn; more are turned away at once.
const WAITING: usize = 256;
/// How long a caller waits for their turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Computes and checks hashes.
#[derive(Clone)]
pub struct Hasher {
    tasks: Tasks,
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    decoy: Arc<str>,
}

/// One caller's turn: as long as it is held, at most [`AT_ONCE`] minus one others have theirs.
pub struct Turn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Hasher {
    /// A hasher with a decoy: the hash of a random password that nobody has, so that an unknown
    /// login costs the same time as a known one.
    ///
    /// # Errors
    /// Internal when the system gives no randomness.
    pub async fn new(tasks: Tasks) -> Result<Self, Fault> {
        let mut password = [0_u8; 32];
        getrandom::fill(&mut password).map_err(Fault::internal)?;
        let decoy = tasks.blocking("hash-decoy", move || hash(&password)).await??;
        Ok(Self {
            tasks,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            decoy: decoy.into(),
        })
    }

    /// Waits for a turn. Whoever checks a throttle while holding it knows that no more than
    /// [`AT_ONCE`] tries are under way whose outcome the throttle does not know.
    ///
    /// # Errors
    /// Limited when too many are waiting already, or the wait took too long.
    pub async fn turn(&self) -> Result<Turn, Fault> {
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| crowded())?;
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| crowded())?
            .map_err(Fault::internal)?;
        Ok(Turn { _turn: turn, _place: place })
    }

    /// The hash to keep for a new password.
    ///
    /// # Errors
    /// Limited as for [`Hasher::turn`]; internal when the system gives no randomness.
    pub async fn hash(&self, password: Secret<String>) -> Result<String, Fault> {
        let _turn = self.turn().await?;
        self.tasks.blocking("hash-password", move || hash(password.expose().as_bytes())).await?
    }

    /// Whether `password` has this hash. Without a hash the decoy is checked instead: the answer
    /// is no, after the same work.
    ///
    /// # Errors
    /// Internal when the stored hash cannot be read.
    pub async fn matches(
        &self,
        _turn: &Turn,
        password: Secret<String>,
        stored: Option<Secret<String>>,
    ) -> Result<bool, Fault> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| Secret::new(self.decoy.to_string()));
        let matches =
            self.tasks.blocking("check-password", move || verify(&password, &stored)).await??;
        Ok(known && matches)
    }
}

fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn hash(password: &[u8]) -> Result<String, Fault> {
    let hash: PasswordHash = argon2id().hash_password(password).map_err(Fault::internal)?;
    Ok(hash.to_string())
}

fn verify(password: &Secret<String>, stored: &Secret<String>) -> Result<bool, Fault> {
    let stored = PasswordHash::new(stored.expose()).map_err(Fault::internal)?;
    Ok(argon2id().verify_password(password.expose().as_bytes(), &stored).is_ok())
}

fn crowded() -> Fault {
    Fault::new(Class::Limited, "sign_in_crowded", "Too many people are signing in at this moment.")
        .retry_after(Duration::from_secs(2))
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    async fn hasher() -> Hasher {
        Hasher::new(Tasks::new(CancellationToken::new())).await.expect("a hasher")
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let hasher = hasher().await;
        let stored = hasher.hash(secret("four words of mine")).await.expect("hashes");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let again = hasher.hash(secret("four words of mine")).await.expect("hashes");
        assert_ne!(stored, again, "each hash has its own salt");
        let turn = hasher.turn().await.expect("turn");
        for (password, expected) in
            [("four words of mine", true), ("four words of mine ", false), ("", false)]
        {
            let matches = hasher
                .matches(&turn, secret(password), Some(secret(&stored)))
                .await
                .expect("checks");
            assert_eq!(matches, expected, "{password}");
        }
    }

    #[tokio::test]
    async fn without_a_stored_hash_nothing_matches() {
        let hasher = hasher().await;
        let turn = hasher.turn().await.expect("turn");
        assert!(!hasher.matches(&turn, secret("anything"), None).await.expect("checks"));
    }

    #[tokio::test]
    async fn a_crowd_is_turned_away_at_once() {
        let hasher = hasher().await;
        let _kept = Arc::clone(&hasher.queue)
            .acquire_many_owned(u32::try_from(AT_ONCE + WAITING).expect("small"))
            .await
            .expect("free");
        let Err(fault) = hasher.turn().await else { panic!("no turn was expected") };
        assert_eq!((fault.class(), fault.code()), (Class::Limited, "sign_in_crowded"));
    }
}
