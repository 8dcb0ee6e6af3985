-- What can be ordered, and what it costs.
create table "order".menu_item (
  pizza text not null,
  title text not null,
  category text not null,
  size text not null,
  price_cents integer not null check (price_cents >= 0),
  primary key (pizza, size)
);
