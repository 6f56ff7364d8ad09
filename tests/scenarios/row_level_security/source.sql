-- Row-level security: policies with and without columns and aliases, for users, roles and PUBLIC, on and not yet on, both types of
-- conjunction, a policy that looks up another table, and one that is attached to nothing.
-- r_CREATE_RLS_POLICY, r_ATTACH_RLS_POLICY, r_ALTER_TABLE, t_rls.

SET enable_case_sensitive_identifier TO true;
CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE ROLE sellers;
GRANT ROLE sellers TO bob;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64, category VARCHAR(10) ENCODE lzo) DISTSTYLE EVEN;
CREATE TABLE shop.categories (category VARCHAR(10) ENCODE lzo) DISTSTYLE EVEN;
CREATE TABLE shop.waiting (id INTEGER ENCODE az64) DISTSTYLE EVEN;
INSERT INTO shop.orders VALUES (1, 'it''s'), (2, 'known'), (3, 'other');
INSERT INTO shop.categories VALUES ('known');
INSERT INTO shop.waiting VALUES (1);
ALTER TABLE shop.orders OWNER TO ann;

CREATE RLS POLICY "by category" WITH (category VARCHAR(10)) AS x USING (x.category = 'it''s' AND (1 = 1));
CREATE RLS POLICY looked_up WITH (category VARCHAR(10)) AS x USING (x.category IN (SELECT c.category FROM shop.categories c));
CREATE RLS POLICY everything USING (true);
CREATE RLS POLICY of_others USING (false);
ATTACH RLS POLICY "by category" ON shop.orders TO bob, ROLE sellers;
ATTACH RLS POLICY looked_up ON shop.orders TO PUBLIC;
ATTACH RLS POLICY everything ON shop.waiting TO ann;
ALTER TABLE shop.orders ROW LEVEL SECURITY ON CONJUNCTION TYPE OR;

GRANT USAGE ON SCHEMA shop TO PUBLIC;
GRANT SELECT ON shop.orders TO bob, ROLE sellers;
GRANT SELECT ON shop.waiting TO PUBLIC;

-- Through a view of a superuser and a procedure that runs as its owner.
CREATE USER eve PASSWORD DISABLE;
CREATE VIEW shop.all_orders AS SELECT id FROM shop.orders;
CREATE PROCEDURE shop.count_orders (OUT n INTEGER) AS $$ BEGIN SELECT COUNT(*) INTO n FROM shop.orders; END $$
LANGUAGE plpgsql SECURITY DEFINER;
ALTER PROCEDURE shop.count_orders () OWNER TO bob;
GRANT SELECT ON shop.all_orders TO bob, eve;
GRANT EXECUTE ON PROCEDURE shop.count_orders () TO eve;
