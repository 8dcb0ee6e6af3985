-- What an authorization on the card allows: cards from before are as most are.
alter table accounting.card
  add column prepaid boolean not null default false,
  add column raise_max_cents integer not null default 50000 check (raise_max_cents >= 0);

comment on column accounting.card.prepaid is 'Whether it is charged by the authorization itself, which is never reversed.';
comment on column accounting.card.raise_max_cents is 'The most that an authorization may be raised to, in cents.';
