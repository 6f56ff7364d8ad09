-- A tenant of the kinds that teams have in one schema: users with settings, groups, keys, every style of sort key, SUPER, views on views,
-- a materialized view, functions, procedures of both security modes, privileges and default privileges. AWS's sample of a migration to
-- Serverless has a tenant of these kinds.

CREATE USER keeper PASSWORD 'Abcdefg1' CREATEDB;
CREATE USER visitor PASSWORD 'Abcdefg1';
CREATE USER ringer PASSWORD 'Abcdefg1' CONNECTION LIMIT 10;
CREATE USER counter PASSWORD 'Abcdefg1';
CREATE GROUP watchers;
CREATE GROUP ringers;
CREATE GROUP keepers;
ALTER GROUP watchers ADD USER visitor, counter;
ALTER GROUP ringers ADD USER ringer, keeper;
ALTER GROUP keepers ADD USER keeper;

CREATE SCHEMA rookery;
ALTER USER visitor SET search_path TO rookery, public;
ALTER USER counter SET statement_timeout TO 300000;

CREATE TABLE rookery.cliff (
    cliff_id INTEGER IDENTITY(1, 1) NOT NULL, name VARCHAR(100) NOT NULL, facing CHAR(2), surveyed TIMESTAMP DEFAULT GETDATE(),
    watched BOOLEAN DEFAULT TRUE, PRIMARY KEY (cliff_id)
) DISTSTYLE KEY DISTKEY (cliff_id) SORTKEY (cliff_id);
CREATE TABLE rookery.nest (
    nest_id INTEGER IDENTITY(1, 1) NOT NULL, cliff_id INTEGER NOT NULL, found DATE NOT NULL, height DECIMAL(12, 2) NOT NULL,
    state VARCHAR(20) DEFAULT 'empty', PRIMARY KEY (nest_id), FOREIGN KEY (cliff_id) REFERENCES rookery.cliff (cliff_id)
) DISTSTYLE KEY DISTKEY (cliff_id) COMPOUND SORTKEY (found, cliff_id);
CREATE TABLE rookery.species (
    species_id INTEGER IDENTITY(1, 1) NOT NULL, name VARCHAR(200) NOT NULL, family VARCHAR(100), wingspan DECIMAL(10, 2) NOT NULL,
    PRIMARY KEY (species_id)
) DISTSTYLE ALL INTERLEAVED SORTKEY (family, wingspan);
CREATE TABLE rookery.brood (
    brood_id INTEGER IDENTITY(1, 1) NOT NULL, nest_id INTEGER NOT NULL, species_id INTEGER NOT NULL, eggs INTEGER NOT NULL DEFAULT 1,
    mass DECIMAL(10, 2) NOT NULL, lost DECIMAL(5, 2) DEFAULT 0, PRIMARY KEY (brood_id),
    FOREIGN KEY (nest_id) REFERENCES rookery.nest (nest_id), FOREIGN KEY (species_id) REFERENCES rookery.species (species_id)
) DISTSTYLE KEY DISTKEY (nest_id) SORTKEY (nest_id, species_id);
CREATE TABLE rookery.logbook (
    entry BIGINT IDENTITY(1, 1), kind VARCHAR(50), detail SUPER, at TIMESTAMPTZ DEFAULT GETDATE(), who VARCHAR(100)
) DISTSTYLE EVEN SORTKEY (at);

INSERT INTO rookery.cliff (name, facing) VALUES ('Hornøya', 'NE'), ('Látrabjarg', 'W'), ('Bempton', 'E');
INSERT INTO rookery.species (name, family, wingspan) VALUES ('Puffin', 'Alcidae', 0.55), ('Razorbill', 'Alcidae', 0.66), ('Gannet', 'Sulidae', 1.75);
INSERT INTO rookery.nest (cliff_id, found, height, state) VALUES (1, '2026-04-02', 31.50, 'eggs'), (1, '2026-04-09', 28.00, 'empty'), (3, '2026-05-01', 64.25, 'chicks');
INSERT INTO rookery.brood (nest_id, species_id, eggs, mass, lost) VALUES (1, 1, 1, 61.20, 0), (3, 3, 1, 104.90, 12.50);
INSERT INTO rookery.logbook (kind, detail, at, who)
    SELECT 'ringed', JSON_PARSE('{"ring": "NO 5123", "weights": [412.5, null]}'), '2026-06-01 05:30:00+02', 'ringer';

CREATE VIEW rookery.watched_cliffs AS SELECT cliff_id, name FROM rookery.cliff WHERE watched = TRUE;
CREATE VIEW rookery.nests AS
    SELECT n.nest_id, c.name || ' ' || c.facing AS place, n.found, n.height, COUNT(b.brood_id) AS broods
    FROM rookery.nest n JOIN rookery.cliff c ON n.cliff_id = c.cliff_id JOIN rookery.brood b ON b.nest_id = n.nest_id
    GROUP BY n.nest_id, c.name, c.facing, n.found, n.height;
CREATE VIEW rookery.highest AS SELECT v.place, COUNT(*) AS nests, MAX(v.height) AS height FROM rookery.nests v GROUP BY v.place;
CREATE MATERIALIZED VIEW rookery.by_day AS
    SELECT n.found, COUNT(DISTINCT n.nest_id) AS nests, SUM(n.height) AS height FROM rookery.nest n GROUP BY n.found;

CREATE FUNCTION rookery.without_loss (DECIMAL(10, 2), DECIMAL(5, 2)) RETURNS DECIMAL(10, 2) STABLE
    AS $$ SELECT $1 * (1 - $2 / 100.0) $$ LANGUAGE sql;
CREATE FUNCTION rookery.total (DECIMAL(12, 2), INTEGER) RETURNS DECIMAL(12, 2) IMMUTABLE AS $$ SELECT $1 * $2 $$ LANGUAGE sql;
CREATE PROCEDURE rookery.set_state (IN wanted INTEGER, IN next VARCHAR(20)) AS $$
BEGIN
    UPDATE rookery.nest SET state = next WHERE nest_id = wanted;
END;
$$ LANGUAGE plpgsql SECURITY INVOKER;
CREATE PROCEDURE rookery.forget_before (IN day DATE) AS $$
BEGIN
    DELETE FROM rookery.brood WHERE nest_id IN (SELECT nest_id FROM rookery.nest WHERE found < day);
    DELETE FROM rookery.nest WHERE found < day;
END;
$$ LANGUAGE plpgsql SECURITY DEFINER;

GRANT USAGE ON SCHEMA rookery TO visitor, ringer, counter;
GRANT USAGE, CREATE ON SCHEMA rookery TO keeper;
GRANT SELECT ON ALL TABLES IN SCHEMA rookery TO visitor, counter;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA rookery TO ringer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA rookery TO keeper;
REVOKE INSERT, UPDATE ON rookery.logbook FROM ringer;
GRANT EXECUTE ON FUNCTION rookery.without_loss (DECIMAL(10, 2), DECIMAL(5, 2)) TO visitor;
GRANT EXECUTE ON PROCEDURE rookery.set_state (INTEGER, VARCHAR(20)) TO ringer;
GRANT EXECUTE ON PROCEDURE rookery.forget_before (DATE) TO keeper;
GRANT USAGE ON SCHEMA rookery TO GROUP keepers;
GRANT SELECT ON ALL TABLES IN SCHEMA rookery TO GROUP watchers;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA rookery TO GROUP ringers;
ALTER DEFAULT PRIVILEGES FOR USER keeper IN SCHEMA rookery GRANT SELECT ON TABLES TO GROUP watchers;
ALTER DEFAULT PRIVILEGES FOR USER keeper IN SCHEMA rookery GRANT EXECUTE ON FUNCTIONS TO counter;
