//! How much members may own: what supervisors and administrators set.

use kit_values::{Fault, OrganizationId, now};
use proto::routing::v1 as calls;

use super::Routing;
use crate::app;
use crate::domain::capacity::Allowance;
use crate::domain::view::Teammate;
use crate::domain::words::MemberId;
use crate::wire;

/// A number that is not below zero.
fn whole(number: i32, field: &'static str) -> Result<u32, Fault> {
    let sentence = "Say a number that is not below zero.";
    u32::try_from(number).map_err(|_| Fault::invalid("capacity_out_of_range", field, sentence))
}

impl Routing {
    pub(super) async fn limit_team(
        &self,
        (organization, by): (OrganizationId, MemberId),
        wanted: calls::TeamCapacity,
    ) -> Result<Allowance, Fault> {
        let capacity = whole(wanted.capacity, "capacity")?;
        let hard_limit = match whole(wanted.hard_limit, "hard_limit")? {
            0 => None,
            limit => Some(limit),
        };
        let team = self
            .store
            .transaction_retrying(&organization.into(), async move |transaction| {
                let team = (capacity, hard_limit);
                app::set_team_capacity(transaction, organization, by, team, now()).await
            })
            .await?;
        self.waker.wake(organization);
        Ok(team)
    }

    pub(super) async fn limit_member(
        &self,
        (organization, by): (OrganizationId, MemberId),
        wanted: calls::SetMemberCapacityRequest,
    ) -> Result<Teammate, Fault> {
        let member = wire::id(&wanted.member_id, "member")?;
        let capacity = wanted.capacity.map(|number| whole(number, "capacity")).transpose()?;
        let surroundings = self.surroundings.clone();
        let mut limited = self
            .store
            .transaction_retrying(&organization.into(), async move |transaction| {
                let whom = (by, member);
                let surroundings = &surroundings;
                app::set_member_capacity(
                    transaction,
                    surroundings,
                    organization,
                    whom,
                    capacity,
                    now(),
                )
                .await
            })
            .await?;
        self.waker.wake(organization);
        let presence = self.surroundings.presences.of(organization, &[member]).await;
        limited.presence = presence.get(&member).copied();
        Ok(limited)
    }
}
