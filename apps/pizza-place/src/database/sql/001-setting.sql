-- What was chosen when the tables were filled, such as the seed.
create table pizza_place.setting (
  name text primary key,
  value text not null
);

comment on table pizza_place.setting is 'What was chosen when the tables were filled.';
comment on column pizza_place.setting.name is 'What was chosen, such as `seed`.';
comment on column pizza_place.setting.value is 'The choice.';
