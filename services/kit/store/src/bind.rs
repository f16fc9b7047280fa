//! sea-orm's values as the parameters of a PostgreSQL statement.
//!
//! sea-orm's own conversion panics on an array with a NULL element, which set-based statements
//! need; this one binds exactly the types that the services use and refuses any other by name.

use sea_orm::sea_query::ArrayType;
use sea_orm::sqlx::postgres::{PgArguments, Postgres};
use sea_orm::sqlx::{Arguments as _, Encode, Type};
use sea_orm::{DbErr, Value, Values};

/// The parameters, in their order.
pub(crate) fn arguments(values: Option<Values>) -> Result<PgArguments, DbErr> {
    let mut arguments = PgArguments::default();
    for value in values.map(|values| values.0).unwrap_or_default() {
        bind(&mut arguments, value)?;
    }
    Ok(arguments)
}

fn add<'q, T>(arguments: &mut PgArguments, value: T) -> Result<(), DbErr>
where
    T: Encode<'q, Postgres> + Type<Postgres>,
{
    arguments.add(value).map_err(|error| DbErr::Type(error.to_string()))
}

fn bind(arguments: &mut PgArguments, value: Value) -> Result<(), DbErr> {
    match value {
        Value::Bool(value) => add(arguments, value),
        Value::SmallInt(value) => add(arguments, value),
        Value::Int(value) => add(arguments, value),
        Value::BigInt(value) => add(arguments, value),
        Value::Float(value) => add(arguments, value),
        Value::Double(value) => add(arguments, value),
        Value::String(value) => add(arguments, value),
        Value::Bytes(value) => add(arguments, value),
        Value::Json(value) => add(arguments, value.map(|value| *value)),
        Value::TimeDate(value) => add(arguments, value),
        Value::TimeDateTimeWithTimeZone(value) => add(arguments, value),
        Value::Uuid(value) => add(arguments, value),
        Value::BigUnsigned(value) => {
            // sea-orm binds LIMIT and OFFSET as unsigned.
            let value = value
                .map(i64::try_from)
                .transpose()
                .map_err(|_| DbErr::Type("an unsigned value beyond bigint".to_owned()))?;
            add(arguments, value)
        }
        Value::Array(kind, elements) => bind_array(arguments, &kind, elements.map(|list| *list)),
        other => Err(unsupported(&other)),
    }
}

macro_rules! elements {
    ($arguments:expr, $elements:expr, $variant:path) => {{
        let list = $elements
            .map(|list| {
                list.into_iter()
                    .map(|element| match element {
                        $variant(element) => Ok(element),
                        other => Err(unsupported(&other)),
                    })
                    .collect::<Result<Vec<_>, DbErr>>()
            })
            .transpose()?;
        add($arguments, list)
    }};
}

fn bind_array(
    arguments: &mut PgArguments,
    kind: &ArrayType,
    elements: Option<Vec<Value>>,
) -> Result<(), DbErr> {
    match kind {
        ArrayType::Bool => elements!(arguments, elements, Value::Bool),
        ArrayType::SmallInt => elements!(arguments, elements, Value::SmallInt),
        ArrayType::Int => elements!(arguments, elements, Value::Int),
        ArrayType::BigInt => elements!(arguments, elements, Value::BigInt),
        ArrayType::Double => elements!(arguments, elements, Value::Double),
        ArrayType::String => elements!(arguments, elements, Value::String),
        ArrayType::Bytes => elements!(arguments, elements, Value::Bytes),
        ArrayType::TimeDateTimeWithTimeZone => {
            elements!(arguments, elements, Value::TimeDateTimeWithTimeZone)
        }
        ArrayType::Uuid => elements!(arguments, elements, Value::Uuid),
        other => Err(DbErr::Type(format!("arrays of {other:?} are not bound by the kit"))),
    }
}

/// Names the type, never the value.
fn unsupported(value: &Value) -> DbErr {
    DbErr::Type(format!("parameters of type {:?} are not bound by the kit", value.array_type()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array;

    #[test]
    fn an_array_may_hold_nulls() {
        let values = Values(vec![
            array::nullable_uuids([None, Some(uuid::Uuid::nil())]),
            array::nullable_texts([Some("a".to_owned()), None]),
            Value::BigInt(None),
        ]);
        assert!(arguments(Some(values)).is_ok());
    }

    #[test]
    fn an_unknown_type_is_refused_without_its_value() {
        let error = arguments(Some(Values(vec![Value::Char(Some('z'))]))).expect_err("refused");
        assert!(error.to_string().contains("Char"), "{error}");
        assert!(!error.to_string().contains('z'), "{error}");
    }
}
