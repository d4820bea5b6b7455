// 收益分配现状 — Current values of a dividend: its asset, amount and payments.
// paid: {label, key, voucher, amount, corrects, paid_on}: label and key of the recipient.
// @params distribution, seq
// @returns distribution_no, asset, year, amount, record_date, paid
MATCH (d:Distribution {distribution_no: $distribution})<-[:OF]-(t:DistributionState)
WHERE known(t)
RETURN d.distribution_no AS distribution_no,
  head(COLLECT { MATCH (d)<-[y:YIELDED]-(s:Asset) WHERE known(y) RETURN s.asset_no ORDER BY s.asset_no }) AS asset,
  t.year AS year, t.amount AS amount, t.record_date AS record_date,
  COLLECT { MATCH (d)-[p:PAID]->(h) WHERE known(p)
    RETURN {label: head([l IN labels(h) WHERE l <> 'Area']), key: coalesce(h.card_no, h.person_no, h.code, h.uscc),
      voucher: p.voucher, amount: p.amount, corrects: p.corrects, paid_on: p.since}
    ORDER BY p.voucher, coalesce(h.card_no, h.person_no, h.code, h.uscc) } AS paid
