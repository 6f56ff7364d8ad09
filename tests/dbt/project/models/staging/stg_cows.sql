select id as cow_id, trim(name) as name, breed, born, updated_at
from {{ source('raw', 'cow') }}
