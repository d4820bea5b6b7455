// 发放到人到村凭证 — Vouchers by which the fund g paid the person or village h, by day.
// Needs g, h, $asOf, $seq.
COLLECT { MATCH (g)-[t:DISBURSED]->(h) WHERE holds(t) RETURN [type(t), t.voucher, t.amount, t.since, t.corrects]
  ORDER BY t.since, t.voucher }
