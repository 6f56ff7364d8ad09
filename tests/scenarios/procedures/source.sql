-- Procedures: arguments of every mode and order, without names, overloads, SECURITY DEFINER, NONATOMIC, SET, bodies with any dollar
-- quotes, a body that names what does not exist.
-- r_CREATE_PROCEDURE, r_SHOW_PROCEDURE, stored-procedure-naming, stored-procedure-security-and-privileges.

SET enable_case_sensitive_identifier TO true;
CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;

CREATE PROCEDURE shop.modes (f1 IN INTEGER, INOUT f2 VARCHAR(256), "Out var" OUT NUMERIC(10, 2)) AS $tag$
BEGIN
  f2 := f2 || $$ it's \ quoted $$;
  "Out var" := f1;
END;
$tag$ LANGUAGE plpgsql;
CREATE PROCEDURE shop.modes (f1 IN INTEGER, f2 IN BIGINT) AS $$ BEGIN INSERT INTO shop.orders VALUES (f1); END $$ LANGUAGE plpgsql;
CREATE PROCEDURE shop.modes () AS 'BEGIN NULL; END' LANGUAGE plpgsql;
CREATE PROCEDURE shop.out_first (OUT a INTEGER, b INTEGER) AS $$ BEGIN a := b; END $$ LANGUAGE plpgsql SECURITY DEFINER;
CREATE PROCEDURE shop.nameless (INTEGER, VARCHAR) AS $$ BEGIN RAISE INFO '%', $1; END $$ LANGUAGE plpgsql SECURITY INVOKER;
CREATE PROCEDURE shop.dollars () AS $a$ BEGIN EXECUTE $b$ SELECT '$$', '$body1$' $b$; END $a$ LANGUAGE plpgsql;
CREATE PROCEDURE shop.late () AS $$ BEGIN DELETE FROM shop.missing; END $$ LANGUAGE plpgsql;
CREATE PROCEDURE shop.commits () NONATOMIC AS $$ BEGIN INSERT INTO shop.orders VALUES (1); SET query_group TO 'x'; END $$ LANGUAGE plpgsql;
CREATE PROCEDURE shop.pathed (INTEGER) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path TO shop, "$user", "A b";
CREATE PROCEDURE shop.grouped (OUT a INTEGER) AS $_$ BEGIN a := '$_1$'; END $_$ LANGUAGE plpgsql SET query_group TO 'it''s, NONATOMIC';
CREATE PROCEDURE shop.timed () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql SET statement_timeout = 1000;

ALTER PROCEDURE shop.modes (INTEGER, VARCHAR) OWNER TO ann;
GRANT EXECUTE ON PROCEDURE shop.out_first (INTEGER) TO bob;
GRANT EXECUTE ON PROCEDURE shop.modes () TO PUBLIC;
