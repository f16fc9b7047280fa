//! An application's secrets as the bytes that are sealed.

use kit_values::{Fault, Secret};
use serde::{Deserialize, Serialize};

use crate::domain::application::Credentials;

/// Not [`Secret`], which never serialises itself: these bytes go straight into the sealer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed<'a> {
    #[serde(borrow)]
    signing: Vec<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    verify_token: std::borrow::Cow<'a, str>,
}

/// The bytes to seal.
///
/// # Errors
/// Internal; never for texts.
pub fn encode(secrets: &Credentials) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(&Sealed {
        signing: secrets.signing.iter().map(|secret| secret.expose().into()).collect(),
        verify_token: secrets.verify_token.expose().into(),
    })
    .map_err(Fault::internal)
}

/// The secrets in opened bytes.
///
/// # Errors
/// Internal when the bytes are something else; the cause names no value.
pub fn decode(opened: &Secret<Vec<u8>>) -> Result<Credentials, Fault> {
    let sealed: Sealed<'_> = serde_json::from_slice(opened.expose())
        .map_err(|_| Fault::internal("opened secrets are not an application's"))?;
    Ok(Credentials {
        signing: sealed.signing.into_iter().map(|text| Secret::new(text.into_owned())).collect(),
        verify_token: Secret::new(sealed.verify_token.into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn secrets_read_back(signing in prop::collection::vec(".*", 0..4), verify_token in ".*") {
            let secrets = Credentials {
                signing: signing.iter().cloned().map(Secret::new).collect(),
                verify_token: Secret::new(verify_token.clone()),
            };
            let read = decode(&Secret::new(encode(&secrets).expect("encodes"))).expect("decodes");
            let read_signing: Vec<_> = read.signing.iter().map(|s| s.expose().clone()).collect();
            prop_assert_eq!(read_signing, signing);
            prop_assert_eq!(read.verify_token.expose(), &verify_token);
        }
    }
}
