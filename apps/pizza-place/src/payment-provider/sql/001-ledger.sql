-- The provider's cards, and its ledger: one entry for each idempotency key, whatever was answered.
create table payment_provider.card (
  token text primary key,
  declines boolean not null
);

create table payment_provider.ledger (
  entry bigint generated always as identity primary key,
  idempotency_key text not null unique,
  card_token text not null references payment_provider.card (token),
  amount_cents integer not null check (amount_cents >= 0),
  -- What it is for: the order's id.
  reference text not null,
  answer text not null check (answer in ('authorized', 'declined')),
  recorded_at timestamptz not null default now()
);

comment on table payment_provider.card is 'The cards that the provider knows.';
comment on column payment_provider.card.token is 'What others know the card by.';
comment on column payment_provider.card.declines is 'Whether it declines every amount.';

comment on table payment_provider.ledger is 'The provider''s book: one entry for each idempotency key, whatever was answered.';
comment on column payment_provider.ledger.entry is 'The entry''s number.';
comment on column payment_provider.ledger.idempotency_key is 'The caller''s key: a repeated call finds the first entry.';
comment on column payment_provider.ledger.card_token is 'The card asked for.';
comment on column payment_provider.ledger.amount_cents is 'The amount, in cents.';
comment on column payment_provider.ledger.reference is 'What it is for: the order''s id.';
comment on column payment_provider.ledger.answer is 'authorized or declined.';
comment on column payment_provider.ledger.recorded_at is 'When, by the database''s clock.';
