-- What a consumer has ordered and not had cancelled: counted where the contract counts it.
alter table consumer.account
  add column open_cents bigint not null default 0 check (open_cents >= 0),
  add column credit_cents integer check (credit_cents >= 0);

comment on column consumer.account.open_cents is 'What the consumer''s open orders cost together, in cents; only by the careful contract.';
comment on column consumer.account.credit_cents is 'The most that they may cost together, in cents; null is any amount.';
