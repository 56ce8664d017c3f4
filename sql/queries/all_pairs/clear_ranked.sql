-- Forgets which profiles were ranked.
delete from jvmm.ranked_profile
