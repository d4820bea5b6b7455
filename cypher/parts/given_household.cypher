// 发放凭证 — Every voucher between the fund or bank g and the household h: [relationship, voucher, amount, on, corrects]; what was paid back is negative. Needs $asOf, $seq.
COLLECT { MATCH (g)-[t:GRANTED|LENT]->(h) WHERE holds(t) RETURN [type(t), t.voucher, t.amount, t.since, t.corrects] ORDER BY t.since, t.voucher } +
COLLECT { MATCH (g)<-[t:REPAID]-(h) WHERE holds(t) RETURN ['REPAID', t.voucher, -t.amount, t.since, t.corrects] ORDER BY t.since, t.voucher }
