//! Array parameters for set-based statements (`unnest($1::uuid[], $2::text[])`), elements that
//! are NULL included: sea-orm's own conversion of a vector has no place for those.

use sea_orm::Value;
use sea_orm::sea_query::ArrayType;
use time::OffsetDateTime;
use uuid::Uuid;

fn array<T>(
    kind: ArrayType,
    elements: impl IntoIterator<Item = Option<T>>,
    wrap: impl Fn(Option<T>) -> Value,
) -> Value {
    Value::Array(kind, Some(Box::new(elements.into_iter().map(wrap).collect())))
}

macro_rules! helpers {
    ($($(#[$docs:meta])* $plain:ident, $nullable:ident, $element:ty, $kind:ident;)*) => {$(
        $(#[$docs])*
        pub fn $plain(elements: impl IntoIterator<Item = $element>) -> Value {
            array(ArrayType::$kind, elements.into_iter().map(Some), Value::$kind)
        }

        #[doc = concat!("Like [`", stringify!($plain), "`], where `None` is NULL.")]
        pub fn $nullable(elements: impl IntoIterator<Item = Option<$element>>) -> Value {
            array(ArrayType::$kind, elements, Value::$kind)
        }
    )*};
}

helpers! {
    /// `uuid[]`.
    uuids, nullable_uuids, Uuid, Uuid;
    /// `text[]`.
    texts, nullable_texts, String, String;
    /// `bytea[]`.
    bytes, nullable_bytes, Vec<u8>, Bytes;
    /// `timestamptz[]`.
    times, nullable_times, OffsetDateTime, TimeDateTimeWithTimeZone;
    /// `smallint[]`.
    smallints, nullable_smallints, i16, SmallInt;
    /// `integer[]`.
    integers, nullable_integers, i32, Int;
    /// `bigint[]`.
    bigints, nullable_bigints, i64, BigInt;
    /// `boolean[]`.
    booleans, nullable_booleans, bool, Bool;
}
