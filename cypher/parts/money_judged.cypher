// 对账事项 — Comparisons of the money, assets and shares of the area v (DOMAIN §7).
// Rows: kind, key, project, asset, distribution, household, expected and found (fen; for SHARES_DO_NOT_SUM shares),
// whether they differ, documents. A value that is not stated is unknown and not compared.
// FORMED_EXCEEDS_SPENT: value formed by projects against the amount allocated. COUNTY_HOP_MISSING: money that funds
// above the county paid a project directly.
// SHARES_DO_NOT_SUM: shares held on the day against the total. PREFERRED_HELD_AFTER_EXIT: households that exited before
// $grace and still hold preferred shares.
// DIVIDEND_BELOW_FLOOR: all dividends of a year, listed at the first of them, against the guaranteed return on the
// value of their asset (quantified, otherwise formed), if lower by a whole fen or more. PAID_NOT_ANNOUNCED: amount paid
// against amount announced.
// PAID_TO_NON_HOLDER: recipients who held no shares on the record date. PAID_NOT_BY_SHARES: recipients whose part of
// the payments differs from their part of the shares on that date by more than rounding explains, one fen per holder.
// DIVIDEND_CELL_DIFFERS: dividend income on the card against the dividends paid to the household and its members in its
// year.
// Needs v (and keeps nothing else), $kinds, $onlyYear (null for all), $grace, $above (levels above the county), $scope
// (ranges that the user may see, null for all; people who live elsewhere are not returned), $asOf, $seq.
WITH v
WHERE EXISTS { MATCH (v)<-[:LIVES_IN|LOCATED_IN]-() }
CALL (v) {
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(p:Project)
  WHERE 'FORMED_EXCEEDS_SPENT' IN $kinds AND known(l) AND EXISTS {
    MATCH (p)-[m:FORMED]->(:Asset) WHERE holds(m) AND m.amount IS NOT NULL }
  WITH p, coalesce(head(COLLECT { MATCH (p)<-[a:ALLOCATED]-(:Fund) WHERE holds(a) RETURN sum(a.amount) }),
    0) AS expected,
    coalesce(head(COLLECT { MATCH (p)-[m:FORMED]->(:Asset) WHERE holds(m) RETURN sum(m.amount) }), 0) AS found
  RETURN 'FORMED_EXCEEDS_SPENT' AS kind, p.project_no AS key, p.project_no AS project, null AS asset,
    null AS distribution, null AS household, expected, found, found > expected AS broken,
    CASE WHEN found > expected THEN COLLECT { MATCH (p)<-[a:ALLOCATED]-(:Fund) WHERE holds(a) RETURN a.voucher
      ORDER BY a.voucher } ELSE [] END AS documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(p:Project)
  WHERE 'COUNTY_HOP_MISSING' IN $kinds AND known(l)
  WITH p, COLLECT { MATCH (p)<-[a:ALLOCATED]-(f:Fund)<-[:OF]-(s:FundState)
    WHERE holds(a) AND known(s) AND s.level IN $above RETURN [a.amount, a.voucher] ORDER BY a.voucher } AS past
  RETURN 'COUNTY_HOP_MISSING' AS kind, p.project_no AS key, p.project_no AS project, null AS asset,
    null AS distribution, null AS household, 0 AS expected,
    reduce(sum = 0, x IN past | sum + x[0]) AS found, reduce(sum = 0, x IN past | sum + x[0]) > 0 AS broken,
      [x IN past | x[1]] AS documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(s:Asset)
  WHERE 'SHARES_DO_NOT_SUM' IN $kinds AND known(l)
  WITH s, COLLECT { MATCH (s)<-[o:HOLDS]-() WHERE known(o) AND o.since <= $asOf
    RETURN [o.total_shares, o.shares, o.until >= $asOf, o.certificate] ORDER BY o.certificate } AS held,
    head(COLLECT { MATCH (s)<-[:OF]-(t:AssetState) WHERE known(t) RETURN t.total_shares }) AS stated
  WHERE size(held) > 0
  WITH s, held, coalesce(stated, reduce(most = null, x IN held | CASE WHEN most IS NULL OR x[0] > most THEN x[0]
    ELSE most END)) AS expected, reduce(sum = 0, x IN held | CASE WHEN x[2] THEN sum + x[1] ELSE sum END) AS found
  WHERE expected IS NOT NULL AND found IS NOT NULL
  RETURN 'SHARES_DO_NOT_SUM' AS kind, s.asset_no AS key, null AS project, s.asset_no AS asset, null AS distribution,
    null AS household, expected, found, found <> expected AS broken,
    CASE WHEN found <> expected THEN [x IN held WHERE x[2] | x[3]] ELSE [] END AS documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(s:Asset)<-[o:HOLDS]-(h:Household)
  WHERE 'PREFERRED_HELD_AFTER_EXIT' IN $kinds AND known(l) AND holds(o) AND o.kind = 'PREFERRED'
    AND (part(holder_unseen)) = false
  WITH s, h, collect(o.certificate) AS documents, sum(o.shares) AS found
  RETURN 'PREFERRED_HELD_AFTER_EXIT' AS kind, s.asset_no + '/' + h.card_no AS key, null AS project,
    s.asset_no AS asset, null AS distribution, h.card_no AS household, 0 AS expected, found,
    part(preferred_too_long) AS broken, documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)<-[:OF]-(e:DistributionState)
  WHERE 'DIVIDEND_BELOW_FLOOR' IN $kinds AND known(l) AND known(y) AND known(e)
    AND coalesce(e.record_date, e.year * 10000 + 101, $asOf) <= $asOf AND e.amount IS NOT NULL
    AND ($onlyYear IS NULL OR e.year = $onlyYear)
  WITH s, d, e, COLLECT { MATCH (s)-[z:YIELDED]->(o:Distribution)<-[:OF]-(u:DistributionState)
    WHERE known(z) AND known(u) AND u.year = e.year AND u.amount IS NOT NULL
      AND coalesce(u.record_date, u.year * 10000 + 101) <= $asOf RETURN [o.distribution_no, u.amount]
      ORDER BY o.distribution_no } AS same
  WITH s, d, e, CASE WHEN size(same) = 0 THEN [[d.distribution_no, e.amount]] ELSE same END AS same
  WHERE head([x IN same | x[0]]) = d.distribution_no
  WITH s, d, same, reduce(sum = 0, x IN same | sum + x[1]) AS announced,
    head(COLLECT { MATCH (s)<-[:OF]-(t:AssetState) WHERE known(t) RETURN [t.quantified, t.floor_rate] }) AS t,
    head(COLLECT { MATCH (s)<-[m:FORMED]-(:Project) WHERE holds(m) AND m.amount IS NOT NULL
      RETURN sum(m.amount) }) AS formed,
    EXISTS { MATCH (s)<-[m:FORMED]-(:Project) WHERE holds(m) AND m.amount IS NOT NULL } AS valued
  WITH s, d, same, announced, coalesce(t[0], CASE WHEN valued THEN formed END) AS value, t[1] AS rate
  WHERE value IS NOT NULL AND rate IS NOT NULL
  RETURN 'DIVIDEND_BELOW_FLOOR' AS kind, d.distribution_no AS key, null AS project, s.asset_no AS asset,
    d.distribution_no AS distribution, null AS household,
    value * rate / 1000000 AS expected, announced AS found, announced * 1000000 + 1000000 <= value * rate AS broken,
      [x IN same | x[0]] AS documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)<-[:OF]-(e:DistributionState)
  WHERE 'PAID_NOT_ANNOUNCED' IN $kinds AND known(l) AND known(y) AND known(e)
    AND coalesce(e.record_date, e.year * 10000 + 101, $asOf) <= $asOf AND e.amount IS NOT NULL
    AND ($onlyYear IS NULL OR e.year = $onlyYear)
  WITH s, d, e, coalesce(head(COLLECT { MATCH (d)-[p:PAID]->() WHERE holds(p) RETURN sum(p.amount) }), 0) AS found
  RETURN 'PAID_NOT_ANNOUNCED' AS kind, d.distribution_no AS key, null AS project, s.asset_no AS asset,
    d.distribution_no AS distribution, null AS household, e.amount AS expected, found, found <> e.amount AS broken,
    CASE WHEN found <> e.amount THEN COLLECT { MATCH (d)-[p:PAID]->() WHERE holds(p) RETURN DISTINCT p.voucher
      ORDER BY p.voucher } ELSE [] END AS documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)-[p:PAID]->(h)
  WHERE 'PAID_TO_NON_HOLDER' IN $kinds AND known(l) AND known(y) AND holds(p) AND (part(holder_unseen)) = false
  WITH s, d, h, sum(p.amount) AS found, collect(p.voucher) AS documents,
    head(COLLECT { MATCH (d)<-[:OF]-(e:DistributionState) WHERE known(e) RETURN [e.record_date, e.year] }) AS e
  WHERE e[0] <= $asOf AND ($onlyYear IS NULL OR e[1] = $onlyYear)
  WITH s, d, h, found, documents, e[0] AS day
  RETURN 'PAID_TO_NON_HOLDER' AS kind, d.distribution_no + '/' + part(holder_key) AS key, null AS project,
    s.asset_no AS asset, d.distribution_no AS distribution, h.card_no AS household, 0 AS expected, found,
    found > 0 AND part(no_holder) AS broken, documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)<-[:OF]-(e:DistributionState)
  WHERE 'PAID_NOT_BY_SHARES' IN $kinds AND known(l) AND known(y) AND known(e) AND e.record_date <= $asOf
    AND e.amount IS NOT NULL AND ($onlyYear IS NULL OR e.year = $onlyYear)
  WITH s, d, e, COLLECT { MATCH (s)<-[o:HOLDS]-(h)
    WHERE known(o) AND o.since <= e.record_date AND o.until >= e.record_date
    WITH part(holder_key) AS holder, part(holder_unseen) AS unseen, sum(o.shares) AS shares
      RETURN [holder, shares, unseen] ORDER BY holder } AS held,
    COLLECT { MATCH (d)-[p:PAID]->(h) WHERE holds(p) WITH part(holder_key) AS payee, sum(p.amount) AS amount
      RETURN [payee, amount] ORDER BY payee } AS paid
  WITH s, d, e, held, paid, reduce(sum = 0, x IN held | sum + x[1]) AS whole,
    reduce(sum = 0, x IN paid | sum + x[1]) AS spent
  WHERE whole > 0 AND size(paid) > 0
  WITH s, d, e, [x IN held WHERE abs(reduce(sum = 0, q IN paid | CASE WHEN q[0] = x[0] THEN sum + q[1]
    ELSE sum END) * whole - spent * x[1]) > whole * size(held)] AS others, paid, whole, spent
  RETURN 'PAID_NOT_BY_SHARES' AS kind, d.distribution_no AS key, null AS project, s.asset_no AS asset,
    d.distribution_no AS distribution, null AS household,
    reduce(sum = 0, x IN others | sum + toInteger(round(1.0 * spent * x[1] / whole))) AS expected,
      reduce(sum = 0, q IN paid | CASE WHEN any(x IN others WHERE x[0] = q[0]) THEN sum + q[1] ELSE sum END) AS found,
      size(others) > 0 AS broken, [x IN others | [CASE WHEN x[2] THEN '—' ELSE x[0] END,
      toInteger(round(1.0 * spent * x[1] / whole)),
      reduce(sum = 0, q IN paid | CASE WHEN q[0] = x[0] THEN sum + q[1] ELSE sum END)]] AS documents
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[:OF]-(c:HouseholdYear)
  WHERE 'DIVIDEND_CELL_DIFFERS' IN $kinds AND holds(l) AND known(c) AND c.year <= $asOf / 10000
    AND c.dividend_income IS NOT NULL AND ($onlyYear IS NULL OR c.year = $onlyYear)
  WITH h, c, COLLECT { MATCH (h)<-[p:PAID]-(:Distribution) WHERE holds(p) AND p.since / 10000 = c.year
    RETURN [p.amount, p.voucher] ORDER BY p.voucher } +
    COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)<-[p:PAID]-(:Distribution)
      WHERE known(m) AND holds(p) AND p.since / 10000 = c.year AND m.since <= p.since AND m.until >= p.since
      RETURN [p.amount, p.voucher] ORDER BY p.voucher } AS paid
  WITH h, c, paid, reduce(sum = 0, x IN paid | sum + x[0]) AS expected
  RETURN 'DIVIDEND_CELL_DIFFERS' AS kind, h.card_no + '/' + toString(c.year) AS key, null AS project, null AS asset,
    null AS distribution, h.card_no AS household, expected, c.dividend_income AS found,
    c.dividend_income <> expected AS broken, [x IN paid | x[1]] AS documents
}
