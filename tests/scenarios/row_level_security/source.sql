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
