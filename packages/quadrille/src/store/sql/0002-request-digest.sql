-- quadrille-migration: 0002
-- breaking: yes
-- An idempotency key stands for one request. "breaking: yes": a process that does not know the column would write answers
-- without it.
alter table ${schema}.answer add column digest text collate "C";
comment on column ${schema}.answer.digest is 'SHA-256 of command, saga and payload, in base64url: what the key stands for.';
