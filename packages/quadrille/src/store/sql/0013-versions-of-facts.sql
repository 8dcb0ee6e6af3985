-- quadrille-migration: 0013
-- breaking: yes
-- Which version of its event's schema wrote each fact of an incomplete join. Facts from before this column are of version 1.

alter table ${schema}.entity add column fact_versions json;
comment on column ${schema}.entity.fact_versions is 'The versions of the schemas that wrote the facts, by event; an event that is not named has 1, and null names none.';
