-- A Lambda function is called by way of a role of the source's account: it is listed with its statement, and what needs it is
-- listed, too. One that a DBA has made on the target, with the target's role, is taken as it is.
-- r_CREATE_EXTERNAL_FUNCTION, udf-creating-a-lambda-sql-udf.

CREATE USER ann PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE EXTERNAL FUNCTION shop.f_remote (INTEGER) RETURNS INTEGER VOLATILE LAMBDA 'remote'
    IAM_ROLE 'arn:aws:iam::123456789012:role/source' RETRY_TIMEOUT 0 MAX_BATCH_ROWS 10 MAX_BATCH_SIZE 2 MB;
CREATE EXTERNAL FUNCTION shop.f_z_made (INTEGER) RETURNS INTEGER VOLATILE LAMBDA 'made' IAM_ROLE DEFAULT;
CREATE VIEW shop.remote AS SELECT shop.f_remote(id) AS id FROM shop.orders;
CREATE VIEW shop.made AS SELECT shop.f_z_made(id) AS id FROM shop.orders;
GRANT EXECUTE ON FUNCTION shop.f_z_made (INTEGER) TO ann;
