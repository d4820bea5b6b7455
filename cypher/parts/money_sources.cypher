// 来款 — Vouchers by which money came to the fund, bank, project or operator n: [label, key, relationship, voucher,
// amount, on, corrects]. Repayments of a loan are negative.
// Needs n, $asOf, $seq.
COLLECT { MATCH (n)<-[t:TRANSFERRED|ALLOCATED|INVESTED|LENT]-(f) WHERE holds(t)
  RETURN [head(labels(f)), coalesce(f.fund_no, f.bank_no), type(t), t.voucher, t.amount, t.since, t.corrects]
    ORDER BY coalesce(f.fund_no, f.bank_no), t.since, t.voucher } +
COLLECT { MATCH (n)-[t:REPAID]->(f) WHERE holds(t)
  RETURN [head(labels(f)), coalesce(f.fund_no, f.bank_no), 'REPAID', t.voucher, -t.amount, t.since, t.corrects]
    ORDER BY coalesce(f.fund_no, f.bank_no), t.since, t.voucher }
