// 对账事项 — Comparisons of the money, assets and shares of the area v (DOMAIN §7).
// Rows: kind, key, project, asset, distribution, household, expected and actual (fen; for SHARES_DO_NOT_SUM shares),
// broken (whether they differ), documents (vouchers, certificates or dividends; for PAID_NOT_BY_SHARES {holder,
// expected, paid} of each holder that differs). A value that is not stated is unknown and not compared.
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
// Needs v, $kinds, $onlyYear (null for all), $grace, $above (levels above the county), $scope (ranges that the user may
// see, null for all; people who live elsewhere are not returned), $asOf, $seq.
CALL (v) {
  WITH v
  WHERE EXISTS { MATCH (v)<-[:LIVES_IN|LOCATED_IN]-() }
  CALL (v) {
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(p:Project)
    WHERE 'FORMED_EXCEEDS_SPENT' IN $kinds AND known(l) AND EXISTS {
      MATCH (p)-[m:FORMED]->(:Asset) WHERE holds(m) AND m.amount IS NOT NULL }
    WITH p, coalesce(head(COLLECT { MATCH (p)<-[a:ALLOCATED]-(:Fund) WHERE holds(a) RETURN sum(a.amount) }),
      0) AS expected,
      coalesce(head(COLLECT { MATCH (p)-[m:FORMED]->(:Asset) WHERE holds(m) RETURN sum(m.amount) }), 0) AS actual
    RETURN 'FORMED_EXCEEDS_SPENT' AS kind, p.project_no AS key, p.project_no AS project, null AS asset,
      null AS distribution, null AS household, expected, actual, actual > expected AS broken,
      CASE WHEN actual > expected THEN COLLECT { MATCH (p)<-[a:ALLOCATED]-(:Fund) WHERE holds(a) RETURN a.voucher
        ORDER BY a.voucher } ELSE [] END AS documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(p:Project)
    WHERE 'COUNTY_HOP_MISSING' IN $kinds AND known(l)
    WITH p, COLLECT { MATCH (p)<-[a:ALLOCATED]-(f:Fund)<-[:OF]-(s:FundState)
      WHERE holds(a) AND known(s) AND s.level IN $above
      RETURN {amount: a.amount, voucher: a.voucher} ORDER BY a.voucher } AS payments
    RETURN 'COUNTY_HOP_MISSING' AS kind, p.project_no AS key, p.project_no AS project, null AS asset,
      null AS distribution, null AS household, 0 AS expected,
      reduce(sum = 0, x IN payments | sum + x.amount) AS actual,
      reduce(sum = 0, x IN payments | sum + x.amount) > 0 AS broken, [x IN payments | x.voucher] AS documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(s:Asset)
    WHERE 'SHARES_DO_NOT_SUM' IN $kinds AND known(l)
    WITH s, COLLECT { MATCH (s)<-[o:HOLDS]-() WHERE known(o) AND o.since <= $asOf
      RETURN {total: o.total_shares, shares: o.shares, in_force: o.until >= $asOf, certificate: o.certificate}
      ORDER BY o.certificate } AS holdings,
      head(COLLECT { MATCH (s)<-[:OF]-(t:AssetState) WHERE known(t) RETURN t.total_shares }) AS stated
    WHERE size(holdings) > 0
    WITH s, holdings, coalesce(stated, reduce(largest = null, x IN holdings | CASE
      WHEN largest IS NULL OR x.total > largest THEN x.total ELSE largest END)) AS expected,
      reduce(sum = 0, x IN holdings | CASE WHEN x.in_force THEN sum + x.shares ELSE sum END) AS actual
    WHERE expected IS NOT NULL AND actual IS NOT NULL
    RETURN 'SHARES_DO_NOT_SUM' AS kind, s.asset_no AS key, null AS project, s.asset_no AS asset, null AS distribution,
      null AS household, expected, actual, actual <> expected AS broken,
      CASE WHEN actual <> expected THEN [x IN holdings WHERE x.in_force | x.certificate] ELSE [] END AS documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(s:Asset)<-[o:HOLDS]-(h:Household)
    WHERE 'PREFERRED_HELD_AFTER_EXIT' IN $kinds AND known(l) AND holds(o) AND o.kind = 'PREFERRED'
      AND (part(holder_out_of_scope)) = false
    WITH s, h, collect(o.certificate) AS documents, sum(o.shares) AS actual
    RETURN 'PREFERRED_HELD_AFTER_EXIT' AS kind, s.asset_no + '/' + h.card_no AS key, null AS project,
      s.asset_no AS asset, null AS distribution, h.card_no AS household, 0 AS expected, actual,
      part(preferred_after_exit) AS broken, documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)<-[:OF]-(e:DistributionState)
    WHERE 'DIVIDEND_BELOW_FLOOR' IN $kinds AND known(l) AND known(y) AND known(e)
      AND coalesce(e.record_date, e.year * 10000 + 101, $asOf) <= $asOf AND e.amount IS NOT NULL
      AND ($onlyYear IS NULL OR e.year = $onlyYear)
    WITH s, d, e, COLLECT { MATCH (s)-[z:YIELDED]->(o:Distribution)<-[:OF]-(u:DistributionState)
      WHERE known(z) AND known(u) AND u.year = e.year AND u.amount IS NOT NULL
        AND coalesce(u.record_date, u.year * 10000 + 101) <= $asOf
      RETURN {number: o.distribution_no, amount: u.amount} ORDER BY o.distribution_no } AS dividends
    WITH s, d, e, CASE WHEN size(dividends) = 0 THEN [{number: d.distribution_no, amount: e.amount}]
      ELSE dividends END AS dividends
    WHERE head(dividends).number = d.distribution_no
    WITH s, d, dividends, reduce(sum = 0, x IN dividends | sum + x.amount) AS announced,
      head(COLLECT { MATCH (s)<-[:OF]-(t:AssetState) WHERE known(t)
        RETURN {quantified: t.quantified, floor_rate: t.floor_rate} }) AS state,
      head(COLLECT { MATCH (s)<-[m:FORMED]-(:Project) WHERE holds(m) AND m.amount IS NOT NULL
        RETURN sum(m.amount) }) AS formed,
      EXISTS { MATCH (s)<-[m:FORMED]-(:Project) WHERE holds(m) AND m.amount IS NOT NULL } AS valued
    WITH s, d, dividends, announced, coalesce(state.quantified, CASE WHEN valued THEN formed END) AS value,
      state.floor_rate AS rate
    WHERE value IS NOT NULL AND rate IS NOT NULL
    RETURN 'DIVIDEND_BELOW_FLOOR' AS kind, d.distribution_no AS key, null AS project, s.asset_no AS asset,
      d.distribution_no AS distribution, null AS household,
      value * rate / 1000000 AS expected, announced AS actual, announced * 1000000 + 1000000 <= value * rate AS broken,
        [x IN dividends | x.number] AS documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)<-[:OF]-(e:DistributionState)
    WHERE 'PAID_NOT_ANNOUNCED' IN $kinds AND known(l) AND known(y) AND known(e)
      AND coalesce(e.record_date, e.year * 10000 + 101, $asOf) <= $asOf AND e.amount IS NOT NULL
      AND ($onlyYear IS NULL OR e.year = $onlyYear)
    WITH s, d, e, coalesce(head(COLLECT { MATCH (d)-[p:PAID]->() WHERE holds(p) RETURN sum(p.amount) }), 0) AS actual
    RETURN 'PAID_NOT_ANNOUNCED' AS kind, d.distribution_no AS key, null AS project, s.asset_no AS asset,
      d.distribution_no AS distribution, null AS household, e.amount AS expected, actual,
      actual <> e.amount AS broken,
      CASE WHEN actual <> e.amount THEN COLLECT { MATCH (d)-[p:PAID]->() WHERE holds(p) RETURN DISTINCT p.voucher
        ORDER BY p.voucher } ELSE [] END AS documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)-[p:PAID]->(h)
    WHERE 'PAID_TO_NON_HOLDER' IN $kinds AND known(l) AND known(y) AND holds(p) AND (part(holder_out_of_scope)) = false
    WITH s, d, h, sum(p.amount) AS actual, collect(p.voucher) AS documents,
      head(COLLECT { MATCH (d)<-[:OF]-(e:DistributionState) WHERE known(e)
        RETURN {record_date: e.record_date, year: e.year} }) AS dividend
    WHERE dividend.record_date <= $asOf AND ($onlyYear IS NULL OR dividend.year = $onlyYear)
    WITH s, d, h, actual, documents, dividend.record_date AS day
    RETURN 'PAID_TO_NON_HOLDER' AS kind, d.distribution_no + '/' + part(holder_key) AS key, null AS project,
      s.asset_no AS asset, d.distribution_no AS distribution, h.card_no AS household, 0 AS expected, actual,
      actual > 0 AND part(holds_no_shares) AS broken, documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LOCATED_IN]-(s:Asset)-[y:YIELDED]->(d:Distribution)<-[:OF]-(e:DistributionState)
    WHERE 'PAID_NOT_BY_SHARES' IN $kinds AND known(l) AND known(y) AND known(e) AND e.record_date <= $asOf
      AND e.amount IS NOT NULL AND ($onlyYear IS NULL OR e.year = $onlyYear)
    WITH s, d, e, COLLECT { MATCH (s)<-[o:HOLDS]-(h)
      WHERE known(o) AND o.since <= e.record_date AND o.until >= e.record_date
      WITH part(holder_key) AS holder, part(holder_out_of_scope) AS unseen, sum(o.shares) AS shares
      RETURN {holder: holder, shares: shares, unseen: unseen} ORDER BY holder } AS holdings,
      COLLECT { MATCH (d)-[p:PAID]->(h) WHERE holds(p) WITH part(holder_key) AS payee, sum(p.amount) AS amount
        RETURN {payee: payee, amount: amount} ORDER BY payee } AS payments
    WITH s, d, e, holdings, payments, reduce(sum = 0, x IN holdings | sum + x.shares) AS shares,
      reduce(sum = 0, x IN payments | sum + x.amount) AS paid
    WHERE shares > 0 AND size(payments) > 0
    WITH s, d, e, [x IN holdings WHERE abs(reduce(sum = 0, q IN payments | CASE WHEN q.payee = x.holder
      THEN sum + q.amount ELSE sum END) * shares - paid * x.shares) > shares * size(holdings)]
      AS differing, payments, shares, paid
    RETURN 'PAID_NOT_BY_SHARES' AS kind, d.distribution_no AS key, null AS project, s.asset_no AS asset,
      d.distribution_no AS distribution, null AS household,
      reduce(sum = 0, x IN differing | sum + toInteger(round(1.0 * paid * x.shares / shares))) AS expected,
      reduce(sum = 0, q IN payments | CASE WHEN any(x IN differing WHERE x.holder = q.payee) THEN sum + q.amount
        ELSE sum END) AS actual, size(differing) > 0 AS broken,
      [x IN differing | {holder: CASE WHEN x.unseen THEN '—' ELSE x.holder END,
        expected: toInteger(round(1.0 * paid * x.shares / shares)),
        paid: reduce(sum = 0, q IN payments | CASE WHEN q.payee = x.holder THEN sum + q.amount ELSE sum END)}]
      AS documents
  UNION ALL
    WITH v
    MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[:OF]-(c:HouseholdYear)
    WHERE 'DIVIDEND_CELL_DIFFERS' IN $kinds AND holds(l) AND known(c) AND c.year <= $asOf / 10000
      AND c.dividend_income IS NOT NULL AND ($onlyYear IS NULL OR c.year = $onlyYear)
    WITH h, c, COLLECT { MATCH (h)<-[p:PAID]-(:Distribution) WHERE holds(p) AND p.since / 10000 = c.year
      RETURN {amount: p.amount, voucher: p.voucher} ORDER BY p.voucher } +
      COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)<-[p:PAID]-(:Distribution)
        WHERE known(m) AND holds(p) AND p.since / 10000 = c.year AND m.since <= p.since AND m.until >= p.since
        RETURN {amount: p.amount, voucher: p.voucher} ORDER BY p.voucher } AS payments
    WITH h, c, payments, reduce(sum = 0, x IN payments | sum + x.amount) AS expected
    RETURN 'DIVIDEND_CELL_DIFFERS' AS kind, h.card_no + '/' + toString(c.year) AS key, null AS project, null AS asset,
      null AS distribution, h.card_no AS household, expected, c.dividend_income AS actual,
      c.dividend_income <> expected AS broken, [x IN payments | x.voucher] AS documents
  }
  RETURN kind, key, project, asset, distribution, household, expected, actual, broken, documents
}
