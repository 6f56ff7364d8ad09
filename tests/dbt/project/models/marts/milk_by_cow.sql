{{ config(materialized='table', dist='all') }}
select c.cow_id, c.name, count(m.milking_id) as milkings, sum(m.litres)::decimal(12, 2) as litres
from {{ ref('cows') }} c
left join {{ ref('milkings') }} m on m.cow_id = c.cow_id
group by c.cow_id, c.name
