-- What is stored of profiles for one task, to be compared with labels.
-- $1 uuid[]: which; $2 text: the column
select id, niche, classification_updated_at is not null as classified,
       case $2 when 'niche_categories' then niche_categories when 'offer_types' then offer_types
               when 'content_style' then content_style end::text as stored
from profiles where id = any ($1::uuid[])
