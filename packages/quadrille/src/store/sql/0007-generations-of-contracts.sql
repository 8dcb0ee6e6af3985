-- quadrille-migration: 0007
-- breaking: yes
-- Whose tables these are, which contract has written them, and from where on each event is taken.

create table ${schema}.generation (
  number integer not null,
  time bigint not null,
  is_run boolean not null,
  choreography text collate "C" not null,
  participant text collate "C" not null,
  fingerprint text collate "C" not null,
  contract json not null,
  constraint generation_pkey primary key (number)
);
comment on table ${schema}.generation is 'The contracts that these tables have had. The last one owns them: another choreography or participant, or an earlier contract, is refused.';
comment on column ${schema}.generation.number is 'Counts the contracts, from 1.';
comment on column ${schema}.generation.time is 'When it was recorded, by the engine''s clock.';
comment on column ${schema}.generation.is_run is 'Whether a process has run the participant by it; if not, it was only announced by another participant''s process.';
comment on column ${schema}.generation.choreography is 'The choreography.';
comment on column ${schema}.generation.participant is 'The participant.';
comment on column ${schema}.generation.fingerprint is 'SHA-256 of the contract.';
comment on column ${schema}.generation.contract is 'What a later contract is compared with: states, events, commands, payloads.';

alter table ${schema}.lane add column generation integer not null default 0;
comment on column ${schema}.lane.generation is 'The generation of the contract that writes here. A process that runs another one is refused.';

create table ${schema}.subscription (
  after bigint not null,
  until bigint,
  lane integer not null,
  is_unknown boolean not null,
  source text collate "C" not null,
  event text collate "C" not null,
  constraint subscription_pkey primary key (lane, source, event)
);
comment on table ${schema}.subscription is 'From where on, and up to where, each event of a source is taken.';
comment on column ${schema}.subscription.lane is 'The lane, the source''s and this participant''s alike.';
comment on column ${schema}.subscription.source is 'The participant whose journal is read.';
comment on column ${schema}.subscription.event is 'The event.';
comment on column ${schema}.subscription.after is 'Only events after this position are taken.';
comment on column ${schema}.subscription.until is 'Only events up to this position are taken: the contract has dropped the event since.';
comment on column ${schema}.subscription.is_unknown is 'Whether the contract does not know the event: a later one that takes it begins here.';
