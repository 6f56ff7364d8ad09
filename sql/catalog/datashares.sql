-- Datashares that this warehouse gives, with what each holds: a schema, or an object in it. They are not moved.
-- Needs: superuser, else other owners' rows are missing. The jobs go on without the answer, and say so.
-- AWS: SVV_DATASHARE_OBJECTS and SVV_DATASHARES.
SELECT
    TRIM(s.source_database) AS in_database,
    TRIM(o.object_name) AS place,
    TRIM(o.share_name) AS name
FROM svv_datashare_objects AS o
JOIN svv_datashares AS s ON s.share_name = o.share_name AND s.share_type = o.share_type
WHERE o.share_type = 'OUTBOUND'
ORDER BY in_database, place, name;
