-- quadrille-migration: 0009
-- breaking: yes
-- Which version of its schema wrote an entity's data and a payload that is set aside; null is version 1.

alter table ${schema}.entity add column data_version integer;
comment on column ${schema}.entity.data_version is 'The version of the schema that wrote the data; null is 1.';

alter table ${schema}.parked add column data_version integer;
comment on column ${schema}.parked.data_version is 'The version of the schema that wrote the payload; null is 1.';
