-- Cards on file, by the payment provider's tokens.
create table accounting.card (
  card_id text primary key,
  token text not null unique
);
