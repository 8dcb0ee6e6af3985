-- Besides authorizations the ledger has what becomes of them.
alter table payment_provider.ledger
  add column kind text not null default 'authorization' check (kind in ('authorization', 'change', 'reversal'));

comment on column payment_provider.ledger.kind is 'authorization; or a change, whose amount is held from then on; or a reversal, whose amount is held no longer.';
