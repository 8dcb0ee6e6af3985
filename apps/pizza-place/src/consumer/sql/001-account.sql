-- Who may order, and how much an order of theirs may cost.
create table consumer.account (
  consumer_id text primary key,
  limit_cents integer not null check (limit_cents >= 0),
  blocked boolean not null,
  card_id text not null
);

comment on table consumer.account is 'Who may order, and how much an order may cost.';
comment on column consumer.account.consumer_id is 'The consumer.';
comment on column consumer.account.limit_cents is 'The most that one order may cost, in cents.';
comment on column consumer.account.blocked is 'Whether the consumer may not order at all.';
comment on column consumer.account.card_id is 'The card on file that pays.';
