{{ config(bind=false) }}
-- Late binding, so that the loader may replace its table.
select m.id as milking_id, m.cow_id, m.litres::decimal(6, 2) as litres, m.milked_at
from {{ source('raw', 'milking') }} m
where m.litres > 0
