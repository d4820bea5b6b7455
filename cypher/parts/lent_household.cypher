// 借还凭证 — Vouchers of loans of the fund or bank g to the household h and of repayments (negative).
// [relationship, voucher, amount, on, corrects]. Needs g, h, $asOf, $seq.
COLLECT { MATCH (g)-[t:LENT]->(h) WHERE holds(t) RETURN [type(t), t.voucher, t.amount, t.since, t.corrects]
  ORDER BY t.since, t.voucher } +
COLLECT { MATCH (g)<-[t:REPAID]-(h) WHERE holds(t) RETURN ['REPAID', t.voucher, -t.amount, t.since, t.corrects]
  ORDER BY t.since, t.voucher }
