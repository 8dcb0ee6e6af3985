-- quadrille-migration: 0008
-- breaking: no
-- An entity that sagas share acts for the one whose message entered its state, and not for the first one ever.

comment on column ${schema}.entity.saga_id is 'The saga whose message entered the present state: the entity''s call and deadline act for it.';
