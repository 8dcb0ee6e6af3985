-- When the restaurant takes orders, by weekday; 0 is Sunday.
create table kitchen.opening_hours (
  weekday integer primary key check (weekday between 0 and 6),
  opens text not null check (opens ~ '^\d\d:\d\d$'),
  closes text not null check (closes ~ '^\d\d:\d\d$')
);

-- Pizzas that left the menu for a day.
create table kitchen.sold_out (
  day text not null check (day ~ '^\d{4}-\d\d-\d\d$'),
  pizza text not null,
  primary key (day, pizza)
);

-- How many pizzas of one order fit into the oven. One row.
create table kitchen.oven (
  the_only boolean primary key default true check (the_only),
  pizzas_max integer not null check (pizzas_max > 0)
);

comment on table kitchen.opening_hours is 'When the restaurant takes orders.';
comment on column kitchen.opening_hours.weekday is 'The day of the week; 0 is Sunday.';
comment on column kitchen.opening_hours.opens is 'From this time on, as hours:minutes.';
comment on column kitchen.opening_hours.closes is 'Until this time.';

comment on table kitchen.sold_out is 'Pizzas that left the menu for a day.';
comment on column kitchen.sold_out.day is 'The day, as year-month-day.';
comment on column kitchen.sold_out.pizza is 'The pizza.';

comment on table kitchen.oven is 'The oven. One row.';
comment on column kitchen.oven.the_only is 'Always true: there is one oven.';
comment on column kitchen.oven.pizzas_max is 'How many pizzas of one order fit into it.';
