-- Masking policies for a role and a user, with priorities, several inputs, on a table and on a view: attached once the data is there, and
-- nobody may read what they mask before.
-- r_CREATE_MASKING_POLICY, r_ATTACH_MASKING_POLICY, t_ddm.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE ROLE support;
GRANT ROLE support TO bob;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.cards (card VARCHAR(20) ENCODE lzo, "holder's name" VARCHAR(20) ENCODE lzo) DISTSTYLE EVEN;
INSERT INTO shop.cards VALUES ('1234-5678', 'Ada');
CREATE VIEW shop.holders AS SELECT card FROM shop.cards;
ALTER TABLE shop.cards OWNER TO ann;

CREATE MASKING POLICY hidden WITH (card VARCHAR(20)) USING ('XXXX'::VARCHAR(20));
CREATE MASKING POLICY "last digits" WITH (card VARCHAR(20), n VARCHAR(20)) USING ('…' || RIGHT(card, 4) || n);
ATTACH MASKING POLICY hidden ON shop.cards (card) TO ROLE support PRIORITY 10;
ATTACH MASKING POLICY "last digits" ON shop.cards (card) USING (card, "holder's name") TO bob PRIORITY 20;
ATTACH MASKING POLICY hidden ON shop.holders (card) TO ROLE support;

GRANT USAGE ON SCHEMA shop TO bob, ROLE support;
GRANT SELECT ON shop.cards TO bob, ROLE support;
GRANT SELECT ON shop.holders TO ROLE support;

-- Of another owner, who has no mask, and late-binding; a procedure that runs as its owner.
CREATE USER eve PASSWORD DISABLE;
GRANT USAGE ON SCHEMA shop TO eve;
GRANT SELECT ON shop.cards TO eve;
CREATE VIEW shop.all_cards AS SELECT card FROM shop.cards;
CREATE VIEW "shop"."late_cards" AS SELECT card FROM shop.cards WITH NO SCHEMA BINDING;
CREATE PROCEDURE shop.first_card (OUT shown VARCHAR(20)) AS $$ BEGIN SELECT MIN(card) INTO shown FROM shop.cards; END $$
LANGUAGE plpgsql SECURITY DEFINER;
ALTER TABLE shop.all_cards OWNER TO ann;
ALTER PROCEDURE shop.first_card () OWNER TO bob;
GRANT SELECT ON shop.all_cards TO bob, eve;
GRANT SELECT ON shop.late_cards TO bob, eve;
GRANT EXECUTE ON PROCEDURE shop.first_card () TO eve;
