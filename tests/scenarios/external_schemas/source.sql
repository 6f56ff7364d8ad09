-- External schemas (r_CREATE_EXTERNAL_SCHEMA) with owner and rights. Those that name a role or a secret of an AWS account, or another database,
-- are listed with the statement to run, since the target may not have it. One that reads with the default role is made and listed.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'it''s a lake' REGION 'eu-west-1' IAM_ROLE default;
CREATE EXTERNAL SCHEMA other_database FROM REDSHIFT DATABASE 'other' SCHEMA 'public';
CREATE EXTERNAL SCHEMA with_role FROM DATA CATALOG DATABASE 'lake' IAM_ROLE 'arn:aws:iam::123456789012:role/spectrum';
CREATE EXTERNAL SCHEMA federated FROM POSTGRES DATABASE 'orders' SCHEMA 'public' URI 'orders.example.com' PORT 5432 IAM_ROLE default
    SECRET_ARN 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf';
ALTER SCHEMA lake OWNER TO ann;
ALTER SCHEMA with_role OWNER TO ann;
GRANT USAGE ON SCHEMA lake TO bob;
GRANT USAGE ON SCHEMA with_role TO bob;
