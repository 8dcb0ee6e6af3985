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
