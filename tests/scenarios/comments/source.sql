-- Comments on all that can have one (r_COMMENT): tables, views, materialized views, columns, keys.

SET enable_case_sensitive_identifier TO true;
CREATE SCHEMA shop;
CREATE TABLE shop.item (id INTEGER NOT NULL, "Part Of" INTEGER, CONSTRAINT item_id PRIMARY KEY (id), CONSTRAINT one UNIQUE ("Part Of"),
    CONSTRAINT part FOREIGN KEY ("Part Of") REFERENCES shop.item (id));
CREATE VIEW shop.ids AS SELECT id FROM shop.item;
CREATE MATERIALIZED VIEW shop.counted AS SELECT COUNT(*) AS items FROM shop.item;
CREATE VIEW shop.over_counted AS SELECT items FROM shop.counted;

COMMENT ON TABLE shop.item IS 'It''s a "table" \\ of items; -- no, really';
COMMENT ON COLUMN shop.item."Part Of" IS 'an item
of two lines, ö';
COMMENT ON CONSTRAINT item_id ON shop.item IS 'the primary key';
COMMENT ON CONSTRAINT one ON shop.item IS 'a unique key';
COMMENT ON CONSTRAINT part ON shop.item IS 'a foreign key';
COMMENT ON VIEW shop.ids IS 'a view';
COMMENT ON COLUMN shop.ids.id IS 'a column of a view';
COMMENT ON VIEW shop.counted IS 'a materialized view';
COMMENT ON VIEW shop.over_counted IS 'a view over it';
