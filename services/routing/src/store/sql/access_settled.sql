-- No transaction is left that began before access changed: everything has been looked at.
DELETE FROM access_changed WHERE organization_id = $1 AND until < now()
