-- Cards on file, by the payment provider's tokens.
create table accounting.card (
  card_id text primary key,
  token text not null unique
);

comment on table accounting.card is 'The cards on file.';
comment on column accounting.card.card_id is 'The card, as consumers'' accounts name it.';
comment on column accounting.card.token is 'What the payment provider knows it by.';
