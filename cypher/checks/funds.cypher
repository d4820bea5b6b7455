// 资金检查 — Funds of which more has left than they have or part has not, and assets that lie in no area: see the part funds_judged.
// kinds: the checks in force. everywhere, areas, low, high: everything, wherever it went.
// @params kinds, onlyYear, everywhere, areas, low, high, asOf, seq
// @returns check, label, subject, key, expected, found, shares
part(funds_judged)
WITH kind, key, fund, asset, expected, found, broken
WHERE broken
RETURN kind AS check, CASE WHEN fund IS NOT NULL THEN 'Fund' ELSE 'Asset' END AS label, coalesce(fund, asset) AS subject, key, expected, found, false AS shares
ORDER BY check, key
