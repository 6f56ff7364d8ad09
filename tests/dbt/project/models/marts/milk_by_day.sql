{{ config(materialized='materialized_view', dist='day', sort='day', auto_refresh=true, backup=true) }}
select milked_at::date as day, count(*) as milkings, sum(litres)::decimal(12, 2) as litres
from {{ ref('milkings') }}
group by milked_at::date
