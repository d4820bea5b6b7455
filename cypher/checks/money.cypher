// 资金资产股权检查 — Inconsistent money, assets and shares of areas (DOMAIN §7): see the part money_comparisons.
// Recipients who live in an area are checked there, by the check on payees. kinds: checks in force. scope: an empty
// list, so that of the recipients only operators are checked here.
// @params low, high, asOf, seq, kinds, onlyYear, grace, above, scope
// @returns check, label, subject, key, expected, actual, shares
MATCH (v:Area)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
part(money_comparisons)
WITH kind, key, project, asset, distribution, household, expected, actual, broken
WHERE broken
RETURN kind AS check, CASE WHEN household IS NOT NULL THEN 'Household'
  WHEN distribution IS NOT NULL THEN 'Distribution' WHEN asset IS NOT NULL THEN 'Asset' ELSE 'Project' END AS label,
  coalesce(household, distribution, asset, project) AS subject, key, expected, actual,
  part(is_share_comparison) AS shares
ORDER BY check, key
