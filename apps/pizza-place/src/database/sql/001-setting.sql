-- What was chosen when the tables were filled, such as the seed.
create table pizza_place.setting (
  name text primary key,
  value text not null
);
