-- For the audit, which reads the entries of a page of orders.
create index ledger_reference on payment_provider.ledger (reference);
comment on index payment_provider.ledger_reference is 'For the entries of an order.';
