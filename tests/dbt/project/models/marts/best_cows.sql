{{ config(bind=false) }}
select c.cow_id, c.name, w.litres, b.litres_a_day
from {{ ref('milk_by_cow') }} w
join {{ ref('cows') }} c on c.cow_id = w.cow_id
join {{ ref('breeds') }} b on b.name = c.breed_name
where w.litres > b.litres_a_day
