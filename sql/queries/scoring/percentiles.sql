-- The values of the three centralities at given percentiles, among profiles where they are above zero; null where no
-- profile has one. NaN and infinity count as none. One row a percentile, in the given order.
-- $1 float8[]: percentiles, 0..1
select w.position,
       (select percentile_disc(w.fraction) within group (order by pagerank_score)
        from profiles where pagerank_score > 0 and pagerank_score < 'infinity') as pagerank,
       (select percentile_disc(w.fraction) within group (order by degree_centrality)
        from profiles where degree_centrality > 0 and degree_centrality < 'infinity') as degree,
       (select percentile_disc(w.fraction) within group (order by betweenness_centrality)
        from profiles where betweenness_centrality > 0 and betweenness_centrality < 'infinity') as betweenness
from unnest($1::float8[]) with ordinality as w(fraction, position)
order by w.position
