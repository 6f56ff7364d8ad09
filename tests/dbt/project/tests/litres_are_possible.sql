{{ config(store_failures=true) }}
select milking_id, litres from {{ ref('milkings') }} where litres > 60
