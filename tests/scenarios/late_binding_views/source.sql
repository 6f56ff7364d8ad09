-- Late-binding views: over a table, over what is missing, over each other in a circle, over a materialized view, created under a bare
-- name, with comments before their statements, as dbt writes them; and a view over a late-binding view, which must find what that names.
-- r_CREATE_VIEW, WITH NO SCHEMA BINDING.

SET enable_case_sensitive_identifier TO true;
CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.z_orders (id INTEGER ENCODE az64, note VARCHAR(20) ENCODE lzo) DISTSTYLE EVEN;
CREATE VIEW shop.y_plain AS SELECT id FROM shop.z_orders;

SET search_path TO shop;
CREATE OR REPLACE VIEW bare (n) AS SELECT id FROM shop.y_plain WHERE 'x' <> 'FROM shop.circle_one' WITH NO SCHEMA BINDING;
RESET search_path;
CREATE VIEW "shop"."a quoted ""late""" AS SELECT * FROM shop.z_orders /* shop.nowhere */ WITH NO SCHEMA BINDING;
CREATE VIEW "shop"."missing" AS SELECT x.id FROM shop.nowhere x WITH NO SCHEMA BINDING;
CREATE VIEW "shop"."circle_one" AS SELECT id FROM shop.circle_two WITH NO SCHEMA BINDING;
CREATE VIEW "shop"."circle_two" AS SELECT id FROM shop.circle_one WITH NO SCHEMA BINDING;
CREATE VIEW shop.a_over_late AS SELECT n FROM shop.bare;
CREATE MATERIALIZED VIEW shop.mv AS SELECT id FROM shop.z_orders;
CREATE VIEW "shop"."over_mv" AS SELECT id FROM shop.mv WITH NO SCHEMA BINDING;
/* {"app": "dbt", "node_id": "model.shop.v"} */ create view shop.commented as (select id from shop.z_orders) with no schema binding;
/* nested /* twice */ */ -- and a line of CREATE VIEW shop.other
CREATE OR REPLACE /* here, too */ VIEW "shop"."lined" AS SELECT id FROM shop.commented WITH NO SCHEMA BINDING;
CREATE VIEW shop.over_commented AS SELECT id FROM shop.commented;
/* {"app": "dbt"} */ create materialized view shop.mv_commented as (select id from shop.z_orders);

ALTER TABLE shop.bare OWNER TO ann;
ALTER TABLE shop.commented OWNER TO ann;
ALTER TABLE shop.lined OWNER TO bob;
GRANT SELECT ON shop.commented TO bob;
GRANT SELECT ON shop.lined TO PUBLIC;
GRANT SELECT ON shop.mv_commented TO bob;
ALTER TABLE shop.y_plain OWNER TO ann;
GRANT SELECT ON shop.bare TO bob;
GRANT SELECT ON shop.missing TO PUBLIC;
