{{ config(bind=false) }}
select d.day, d.litres
from {{ ref('milk_by_day') }} d
where d.litres = (select max(litres) from {{ ref('milk_by_day') }})
