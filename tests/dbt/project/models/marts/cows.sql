{{ config(materialized='table', dist='cow_id', sort=['born', 'cow_id'], post_hook="grant select on {{ this }} to group " ~ env_var('DAIRY_GROUP')) }}
select c.cow_id::integer as cow_id, c.name::varchar(40) as name, b.name::varchar(40) as breed_name, c.born::date as born
from {{ ref('stg_cows') }} c
join {{ ref('breeds') }} b on b.code = c.breed
