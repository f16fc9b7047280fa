//! The servers that `up` uses: those that the configuration names, else private ones.

use kit_service::RedisSettings;
use kit_service::servers::{self, Nats, Options, Postgres, Redis};
use kit_values::Fault;

use super::broker;
use super::secrets::Secrets;
use crate::data::Data;
use crate::settings::{Asked, Servers};

/// Most connections of the private PostgreSQL: the pools of all services take some sixty, and
/// whoever else looks at it or measures it shall find room.
const CONNECTIONS: u32 = 200;

/// Where the servers are, and the private ones among them.
pub struct Running {
    /// As their administrator reaches them.
    pub addresses: Servers,
    /// Whether each service is a user of the broker, as it is of a private one.
    pub has_broker_users: bool,
    /// Where Redis is.
    pub redis: RedisSettings,
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    private_redis: Option<Redis>,
}

impl Running {
    /// Starts what the configuration does not name, after ending what an earlier start left.
    ///
    /// # Errors
    /// What stands in the way, and what to do.
    pub async fn start(asked: &Asked, data: &Data, secrets: &Secrets) -> Result<Self, Fault> {
        let folder = data.servers();
        let options = Options {
            nats_users: broker::users(secrets),
            connections: CONNECTIONS,
            ..Options::durable()?
        };
        let postgres = async {
            match asked.servers.postgresql {
                None => Postgres::start(&folder, &options).await.map(Some),
                Some(_) => Ok(None),
            }
        };
        let nats = async {
            match asked.servers.nats {
                None => Nats::start(&folder, &options).await.map(Some),
                Some(_) => Ok(None),
            }
        };
        let redis = async {
            if let Some(asked) = &asked.redis {
                return Ok::<_, Fault>((asked.clone(), None));
            }
            let started = Redis::start(&folder, &options).await?;
            Ok((RedisSettings { url: started.url() }, Some(started)))
        };
        let (postgres, nats, redis) = tokio::join!(postgres, nats, redis);
        let (postgres, nats, (redis, private_redis)) = (postgres?, nats?, redis?);
        let mut addresses = asked.servers.clone();
        if let Some(postgres) = &postgres {
            addresses.postgresql = Some(postgres.url());
        }
        if let Some(nats) = &nats {
            addresses.nats = Some(nats.url());
        }
        let has_broker_users = nats.is_some();
        Ok(Self { addresses, has_broker_users, redis, postgres, nats, private_redis })
    }

    /// Stops the private servers and waits for their end.
    pub async fn stop(self) {
        let nats = async {
            if let Some(nats) = self.nats {
                nats.stop().await;
            }
        };
        let postgres = async {
            if let Some(postgres) = self.postgres {
                postgres.stop().await;
            }
        };
        let redis = async {
            if let Some(redis) = self.private_redis {
                redis.stop().await;
            }
        };
        tokio::join!(nats, postgres, redis);
    }
}

/// Stops what an earlier start left running, before its data is deleted.
///
/// # Errors
/// When one of them cannot be ended.
pub fn stop_survivors(data: &Data) -> Result<(), Fault> {
    servers::stop_survivors(&data.servers())
}
