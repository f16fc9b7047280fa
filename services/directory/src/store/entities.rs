//! The tables as sea-orm sees them.

macro_rules! entity {
    ($(#[$docs:meta])* $module:ident, $table:literal, { $($fields:tt)* }) => {
        $(#[$docs])*
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($fields)* }

            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity!(organization, "organization", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    pub name: String,
    pub language: String,
    pub time_zone: String,
    pub created_at: TimeDateTimeWithTimeZone,
});

entity!(member, "member", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
    pub login: String,
    pub display_name: String,
    pub roles: Vec<String>,
    pub password_hash: String,
    pub session_epoch: i64,
    pub created_at: TimeDateTimeWithTimeZone,
    pub deactivated: bool,
    pub version: i64,
});

entity!(member_login, "member_login", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub login: String,
    pub organization_id: Uuid,
    pub member_id: Uuid,
});

entity!(application, "application", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: Uuid,
    pub organization_id: Option<Uuid>,
    pub network: String,
    pub name: String,
    pub simulated: bool,
    pub permalink_base: String,
    pub secrets: Vec<u8>,
    pub version: i64,
    pub created_at: TimeDateTimeWithTimeZone,
});

entity!(channel, "channel", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel_id: Uuid,
    pub application_id: Uuid,
    pub network: String,
    pub account_id: String,
    pub handle: String,
    pub display_name: String,
    pub simulated: bool,
    pub access_token: Option<Vec<u8>>,
    pub connected_at: TimeDateTimeWithTimeZone,
    pub version: i64,
    pub tier: String,
    pub scopes: Vec<String>,
    pub api_base: String,
    pub restricted: bool,
    pub auto_resolve_days: i32,
    pub reopen_window_hours: Option<i32>,
    pub health: String,
    pub health_checked_at: Option<TimeDateTimeWithTimeZone>,
});

entity!(channel_account, "channel_account", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: String,
    pub organization_id: Uuid,
    pub channel_id: Uuid,
});
