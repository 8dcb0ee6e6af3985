-- What can be ordered, and what it costs.
create table "order".menu_item (
  pizza text not null,
  title text not null,
  category text not null,
  size text not null,
  price_cents integer not null check (price_cents >= 0),
  primary key (pizza, size)
);

comment on table "order".menu_item is 'What can be ordered, and what it costs.';
comment on column "order".menu_item.pizza is 'The pizza, as orders name it.';
comment on column "order".menu_item.title is 'Its name on the menu.';
comment on column "order".menu_item.category is 'Its place on the menu.';
comment on column "order".menu_item.size is 'The size: a pizza has one row for each.';
comment on column "order".menu_item.price_cents is 'The price of one, in cents.';
