-- quadrille-migration: 0003
-- breaking: yes
-- The kind of a trigger is one word everywhere: event, command, activity or deadline.

update ${schema}.journal set kind = case kind
  when 'on' then 'event' when 'commands' then 'command' when 'timers' then 'deadline' when 'effects' then 'activity'
  else kind end;
comment on column ${schema}.journal.kind is 'The kind of trigger: event, command, activity or deadline.';

update ${schema}.parked set kind = case kind
  when 'on' then 'event' when 'commands' then 'command' when 'timers' then 'deadline' when 'effects' then 'activity'
  else kind end;
comment on column ${schema}.parked.kind is 'The kind of trigger: event, command, activity or deadline.';
