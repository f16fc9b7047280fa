//! Members and accounts, as directory tells of them.

use kit_store::{Transaction, array};
use kit_values::Fault;

use crate::domain::heard::{ToldAccount, ToldMember};

/// Takes over what is said of members.
pub async fn learn_members(transaction: &Transaction, told: &[ToldMember]) -> Result<(), Fault> {
    if told.is_empty() {
        return Ok(());
    }
    transaction
        .run(
            include_str!("sql/learn_members.sql"),
            vec![
                array::uuids(told.iter().map(|one| one.organization.uuid())),
                array::uuids(told.iter().map(|one| one.member.uuid())),
                array::smallints(told.iter().map(|one| one.roles.code())),
                array::times(told.iter().map(|one| one.as_of)),
                array::bigints(told.iter().map(|one| one.version)),
            ],
        )
        .await?;
    Ok(())
}

/// Takes over what is said of accounts.
pub async fn learn_accounts(transaction: &Transaction, told: &[ToldAccount]) -> Result<(), Fault> {
    if told.is_empty() {
        return Ok(());
    }
    let scopes: Vec<String> = told
        .iter()
        .map(|one| serde_json::to_string(&one.account.scopes).map_err(Fault::internal))
        .collect::<Result<_, _>>()?;
    transaction
        .run(
            include_str!("sql/learn_channels.sql"),
            vec![
                array::uuids(told.iter().map(|one| one.organization.uuid())),
                array::uuids(told.iter().map(|one| one.account.channel.uuid())),
                array::smallints(told.iter().map(|one| one.account.network.code())),
                array::texts(told.iter().map(|one| one.account.account_id.clone())),
                array::texts(told.iter().map(|one| one.account.tier.clone())),
                array::texts(scopes),
                array::booleans(told.iter().map(|one| one.restricted)),
                array::texts(told.iter().map(access)),
                array::integers(
                    told.iter().map(|one| i32::try_from(one.auto_resolve_days).unwrap_or(i32::MAX)),
                ),
                array::nullable_integers(told.iter().map(|one| {
                    let hours = one.reopen_window?.whole_hours();
                    Some(i32::try_from(hours).unwrap_or(i32::MAX))
                })),
                array::bigints(told.iter().map(|one| one.version)),
            ],
        )
        .await?;
    Ok(())
}

/// Who may do what on a restricted channel, as `jsonb`.
fn access(told: &ToldAccount) -> String {
    let access: serde_json::Map<String, serde_json::Value> = told
        .access
        .iter()
        .map(|(member, level)| (member.uuid().to_string(), level.code().into()))
        .collect();
    serde_json::Value::Object(access).to_string()
}
