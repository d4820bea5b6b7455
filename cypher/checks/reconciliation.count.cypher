// 对账不符数 — Number of comparisons of the money of an area, and of those that differ.
// The rules and parameters are those of reconciliation.
// @params areas, low, high, asOf, seq, kinds, onlyYear, asset, everywhere, grace, above, scope
// @returns total, eligible
CALL () {
  part(fund_comparisons)
  WITH asset, broken
  WHERE $asset IS NULL OR asset = $asset
  RETURN broken
UNION ALL
  MATCH (v:Area)
  WHERE part(in_area)
  part(money_comparisons)
  WITH asset, broken
  WHERE $asset IS NULL OR asset = $asset
  RETURN broken
}
RETURN sum(CASE WHEN broken THEN 1 ELSE 0 END) AS total, count(*) AS eligible
