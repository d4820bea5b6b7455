// 对账 — Comparisons of the money of an area that differ on a day: both sides, documents and status of the finding.
// Subjects without an area come first, then the order is area, kind and key.
// kinds: requested kinds (see the parts money_comparisons and fund_comparisons). onlyYear: year of dividends, cards and
// funds; null for all. asset: only this asset; null for all. everywhere: true if a whole province is requested.
// grace: a household that exited before this day should have given up its preferred shares. above: levels above the
// county. after: [area, kind, key].
// expected, actual, difference: amounts in fen; numbers of shares are in expected_shares and actual_shares. status,
// finding_no, waiver: of the finding; null if the checks have not found it yet.
// @params areas, low, high, asOf, seq, kinds, onlyYear, asset, everywhere, grace, above, scope, after, limit
// @returns area, kind, key, fund, project, asset, distribution, household, expected, actual, difference,
//   expected_shares, actual_shares, documents, status, finding_no, waiver
CALL () {
  part(fund_comparisons)
  WITH kind, key, fund, asset, expected, actual, broken, documents
  WHERE broken AND ($asset IS NULL OR asset = $asset) AND $after[0] = ''
    AND (kind > $after[1] OR (kind = $after[1] AND key > $after[2]))
  RETURN '' AS area, kind, key, fund, null AS project, asset, null AS distribution, null AS household, expected, actual,
    documents
UNION ALL
  MATCH (v:Area)
  WHERE part(in_area) AND v.code >= $after[0]
  WITH v ORDER BY v.code
  part(money_comparisons)
  WITH v.code AS area, kind, key, project, asset, distribution, household, expected, actual, broken, documents
  WHERE broken AND ($asset IS NULL OR asset = $asset)
    AND (area > $after[0] OR kind > $after[1] OR (kind = $after[1] AND key > $after[2]))
  WITH area, kind, key, project, asset, distribution, household, expected, actual, documents
    ORDER BY area, kind, key LIMIT $limit
  RETURN area, kind, key, null AS fund, project, asset, distribution, household, expected, actual, documents
}
WITH area, kind, key, fund, project, asset, distribution, household, expected, actual, documents
  ORDER BY area, kind, key LIMIT $limit
WITH area, kind, key, fund, project, asset, distribution, household, expected, actual, documents,
  part(is_share_comparison) AS shares, kind + '!' + key AS number
WITH area, kind, key, fund, project, asset, distribution, household, expected, actual, documents, shares, number,
  head(COLLECT { MATCH (f:Finding {finding_no: number})<-[:OF]-(s:FindingState) WHERE known(s) RETURN s }) AS s,
  head(COLLECT { MATCH (w:Waiver {waiver_no: number})<-[:OF]-(e:WaiverState) WHERE excepts(e)
    RETURN w.waiver_no }) AS waiver,
  EXISTS { MATCH (f:Finding {finding_no: number})<-[:OF]-(e:FindingState)
    WHERE e.recorded <= $seq AND e.state <> 'OPEN' } AS is_recurrence
WITH area, kind, key, fund, project, asset, distribution, household, expected, actual, documents, shares, waiver, CASE
  WHEN s IS NULL THEN null ELSE number END AS finding_no,
  CASE WHEN s IS NULL THEN null ELSE part(finding_status) END AS status
RETURN area, kind, key, fund, project, asset, distribution, household, CASE WHEN shares THEN null
  ELSE expected END AS expected, CASE WHEN shares THEN null ELSE actual END AS actual,
  CASE WHEN shares THEN null ELSE actual - expected END AS difference, CASE WHEN shares THEN expected
    ELSE null END AS expected_shares, CASE WHEN shares THEN actual ELSE null END AS actual_shares, documents,
  status, finding_no, waiver
ORDER BY area, kind, key
