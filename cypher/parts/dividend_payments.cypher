// 分红凭证 — Payments of dividends of the asset s to its holder h, by day; of $year only, unless it is null.
// Needs s, h, $year, $asOf, $seq.
COLLECT { MATCH (s)-[y:YIELDED]->(d:Distribution)-[p:PAID]->(h)
  WHERE known(y) AND holds(p) AND ($year IS NULL OR EXISTS {
    MATCH (d)<-[:OF]-(e:DistributionState) WHERE known(e) AND e.year = $year })
  RETURN [p.voucher, p.amount, p.since, p.corrects] ORDER BY p.since, p.voucher }
