-- quadrille-migration: 0004
-- breaking: no
-- A command has a number, so that its effect is recognised when the answer to a flush was lost.

comment on column ${schema}.journal.cause_position is 'The position in that journal. Of a command a random number, which no other command has; of a deadline or an activity the version at which its state was entered.';
