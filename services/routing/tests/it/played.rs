//! Services that are played answer what routing asks, and nothing else.

use std::pin::Pin;

use tonic::{Response, Status};

/// What `async_trait` makes of an answer.
pub type Answer<'answer, T> =
    Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send + 'answer>>;

/// What `async_trait` makes of a method, which it does not look for inside a macro. `pb` is the
/// protocol of the played service.
macro_rules! not_asked {
    ($($method:ident, $request:ident, $response:ident;)*) => {$(
        fn $method<'life, 'answer>(
            &'life self,
            _: tonic::Request<pb::$request>,
        ) -> crate::played::Answer<'answer, pb::$response>
        where
            'life: 'answer,
            Self: 'answer,
        {
            Box::pin(async { Err(tonic::Status::unimplemented("routing does not ask this")) })
        }
    )*};
}

pub(crate) use not_asked;
