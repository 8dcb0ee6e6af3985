-- quadrille-migration: 0015
-- breaking: yes
-- The positions taken stand in the lane's row, which every flush updates anyway: one row to find, to change and to log in
-- place of one more for each source.

alter table ${schema}.lane add column inbox jsonb not null default '{}';
update ${schema}.lane as lane set inbox = read.positions
from (select lane, jsonb_object_agg(source, position) as positions from ${schema}.inbox group by lane) as read
where read.lane = lane.lane;
drop table ${schema}.inbox;
comment on column ${schema}.lane.inbox is 'By source, the last position taken of its journal''s lane of this number: everything up to it has taken effect here. It is the whole memory of messages seen.';

drop function ${schema}.settle(boolean, boolean);
create function ${schema}.settle(undisturbed boolean) returns void
language plpgsql as $settle$
begin
  if undisturbed is not true then
    raise exception 'quadrille: the flush was overtaken' using errcode = 'QD001';
  end if;
end
$settle$;
comment on function ${schema}.settle(boolean) is 'Ends a flush: raises, so that nothing is written, when it was overtaken.';
