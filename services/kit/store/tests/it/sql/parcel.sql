CREATE TABLE parcel (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    label text,
    weight integer,
    PRIMARY KEY (organization_id, id)
);
SELECT isolate('parcel');
