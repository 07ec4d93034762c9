-- What the shop sells: one row a volume, also of a series that has only one. A missing one has a date
-- (`due_on`) where it is known when it comes in. Written by the catalogue's commands, read by rag.
CREATE TABLE stock (
    series_id   text    NOT NULL,
    volume      integer NOT NULL CHECK (volume > 0),
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    available   boolean NOT NULL,
    due_on      date,
    PRIMARY KEY (series_id, volume)
);

GRANT SELECT ON stock TO rag;
