// 资金检查 — Overspent or unspent funds, unfounded corrections, assets without an area: see the part fund_comparisons.
// kinds: checks in force. everywhere, areas, low, high: all funds and assets, wherever the money went.
// @params kinds, onlyYear, everywhere, areas, low, high, asOf, seq
// @returns check, label, subject, key, expected, actual, shares
part(fund_comparisons)
WITH kind, key, fund, asset, expected, actual, broken
WHERE broken
RETURN kind AS check, CASE WHEN fund IS NOT NULL THEN 'Fund' ELSE 'Asset' END AS label,
  coalesce(fund, asset) AS subject, key, expected, actual, false AS shares
ORDER BY check, key
