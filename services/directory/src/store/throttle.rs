//! Table `sign_in_throttle`.

use std::collections::HashMap;

use kit_store::{OrFault as _, Row as _, Transaction, array, statement};
use kit_values::Fault;
use sea_orm::{ConnectionTrait as _, Value};
use time::OffsetDateTime;

/// What is throttled: a digest.
pub type Key = [u8; 32];

/// When each key is settled; a key without a row has no failure.
pub async fn settled(
    tx: &Transaction,
    keys: &[Key],
) -> Result<HashMap<Key, OffsetDateTime>, Fault> {
    let keys = array::bytes(keys.iter().map(|key| key.to_vec()));
    let rows = tx
        .query_all_raw(statement(include_str!("sql/throttle_settled.sql"), vec![keys]))
        .await
        .or_fault()?;
    rows.iter()
        .map(|row| {
            let key: Vec<u8> = row.get("throttle_key")?;
            let key = Key::try_from(key).map_err(|_| super::unreadable("throttle key"))?;
            Ok((key, row.get("settled_at")?))
        })
        .collect()
}

/// Keeps when keys are settled.
pub async fn save(tx: &Transaction, settled: &HashMap<Key, OffsetDateTime>) -> Result<(), Fault> {
    let keys = array::bytes(settled.keys().map(|key| key.to_vec()));
    let times = array::times(settled.values().copied());
    tx.execute_raw(statement(include_str!("sql/throttle_save.sql"), vec![keys, times]))
        .await
        .or_fault()?;
    Ok(())
}

/// Forgets every failure of a key.
pub async fn forget(tx: &Transaction, key: Key) -> Result<(), Fault> {
    let key = Value::Bytes(Some(key.to_vec()));
    tx.execute_raw(statement(include_str!("sql/throttle_forget.sql"), vec![key]))
        .await
        .or_fault()?;
    Ok(())
}

/// Drops the rows that say nothing any more.
pub async fn sweep(tx: &Transaction, now: OffsetDateTime) -> Result<(), Fault> {
    tx.execute_raw(statement(include_str!("sql/throttle_sweep.sql"), vec![now.into()]))
        .await
        .or_fault()?;
    Ok(())
}
