// 来款 — Every voucher that brought money to the fund or the bank g: [label, key, relationship, voucher, amount, on, corrects]; what was
// paid back of a loan is negative. Needs $asOf, $seq.
COLLECT { MATCH (g)<-[t:TRANSFERRED|LENT]-(f:Fund) WHERE holds(t)
  RETURN ['Fund', f.fund_no, type(t), t.voucher, t.amount, t.since, t.corrects] ORDER BY f.fund_no, t.since, t.voucher } +
COLLECT { MATCH (g)-[t:REPAID]->(f:Fund) WHERE holds(t)
  RETURN ['Fund', f.fund_no, 'REPAID', t.voucher, -t.amount, t.since, t.corrects] ORDER BY f.fund_no, t.since, t.voucher }
