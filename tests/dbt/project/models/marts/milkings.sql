{{ config(materialized='incremental', unique_key='milking_id', incremental_strategy='delete+insert', dist='cow_id', sort='milked_at') }}
select milking_id, cow_id, litres, milked_at, getdate() as loaded_at
from {{ ref('stg_milkings') }}
{% if is_incremental() %}
where milked_at > (select max(milked_at) from {{ this }})
{% endif %}
