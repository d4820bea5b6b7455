// 发放凭证 — Vouchers by which the fund g paid the household h: [relationship, voucher, amount, on, corrects].
// Needs g, h, $asOf, $seq.
COLLECT { MATCH (g)-[t:GRANTED]->(h) WHERE holds(t) RETURN [type(t), t.voucher, t.amount, t.since, t.corrects]
  ORDER BY t.since, t.voucher }
