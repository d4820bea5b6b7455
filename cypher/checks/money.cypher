// 资金资产股权检查 — What of the money of these areas does not add up (DOMAIN §7): see the part money_judged. Those who live somewhere are judged there, by the check on payees.
// kinds: the checks in force. scope: nobody; so that of payees only operators are judged here.
// @params low, high, asOf, seq, kinds, onlyYear, grace, above, scope
// @returns check, label, subject, key, expected, found, shares
MATCH (v:Area)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
part(money_judged)
WITH kind, key, project, asset, distribution, household, expected, found, broken
WHERE broken
RETURN kind AS check, CASE WHEN household IS NOT NULL THEN 'Household' WHEN distribution IS NOT NULL THEN 'Distribution' WHEN asset IS NOT NULL THEN 'Asset' ELSE 'Project' END AS label,
  coalesce(household, distribution, asset, project) AS subject, key, expected, found, part(about_shares) AS shares
ORDER BY check, key
