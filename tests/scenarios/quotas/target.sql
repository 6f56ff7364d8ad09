-- A schema that stands there with another quota.
CREATE SCHEMA there QUOTA 1 GB;
