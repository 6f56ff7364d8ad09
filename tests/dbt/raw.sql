-- What a loader puts there, and who reads what dbt makes.
CREATE USER :builder PASSWORD :'password';
CREATE USER :reader PASSWORD :'password';
CREATE GROUP :readers WITH USER :reader;
GRANT CREATE ON DATABASE :database TO :builder;
CREATE SCHEMA :raw AUTHORIZATION :builder;
SET SESSION AUTHORIZATION :builder;
CREATE TABLE :raw.cow (
    id INTEGER NOT NULL,
    name VARCHAR(40) NOT NULL,
    breed VARCHAR(2),
    born DATE,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (id)
) DISTSTYLE ALL;
INSERT INTO :raw.cow VALUES
    (1, 'Berta', 'HF', '2021-04-01', '2026-01-02 03:04:05.678901'),
    (2, ' Klara d''Or ', 'JE', '2022-05-06', '2026-01-03 00:00:00'),
    (3, 'Ærlig $1 \\', 'MR', NULL, '2026-01-04 12:00:00');
CREATE TABLE :raw.milking (
    id BIGINT NOT NULL,
    cow_id INTEGER NOT NULL,
    litres DECIMAL(8, 3),
    milked_at TIMESTAMP NOT NULL SORTKEY
);
INSERT INTO :raw.milking VALUES
    (1, 1, 14.125, '2026-02-01 05:00:00'),
    (2, 2, 9.5, '2026-02-01 05:10:00'),
    (3, 3, 11.25, '2026-02-01 05:20:00.123456'),
    (4, 1, 15, '2026-02-02 05:00:00'),
    (5, 2, 10.75, '2026-02-02 05:10:00'),
    (6, 3, NULL, '2026-02-02 05:20:00');
-- As many give them to groups, which dbt's grants do not know.
ALTER DEFAULT PRIVILEGES FOR USER :builder GRANT SELECT ON TABLES TO GROUP :readers;
SET SESSION AUTHORIZATION DEFAULT;
-- By which dbt knows the distribution of a materialized view (r_SVV_TABLE_INFO).
GRANT SELECT ON svv_table_info TO :builder;
