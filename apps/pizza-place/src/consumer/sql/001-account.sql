-- Who may order, and how much an order of theirs may cost.
create table consumer.account (
  consumer_id text primary key,
  limit_cents integer not null check (limit_cents >= 0),
  blocked boolean not null,
  card_id text not null
);
