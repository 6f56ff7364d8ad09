-- What the loader brings after the move: milkings of another day, and a cow with another name.
-- Parameter raw: its schema. Follows r_INSERT_30 and r_UPDATE.
INSERT INTO :raw.milking VALUES
    (7, 1, 16.5, '2026-02-03 05:00:00'),
    (8, 2, 8.125, '2026-02-03 05:10:00');
UPDATE :raw.cow SET name = 'Klara', updated_at = '2026-02-03 04:00:00' WHERE id = 2;
