// 对账 — What of the money of an area does not add up on a day, each with both sides, amounts and documents: funds first, then by area, kind and key.
// kinds: those asked for (see the parts money_judged and funds_judged). onlyYear: of dividends, cards and funds; null = all. grace: who exited before it had to
// give preferred shares up. above: levels above the county. after: [area, kind, key].
// @params areas, low, high, asOf, seq, kinds, onlyYear, grace, above, scope, after, limit
// expected, found, difference: fen; of what is about shares expected_shares, found_shares.
// @returns area, kind, key, fund, project, asset, distribution, household, expected, found, difference, expected_shares, found_shares, documents
CALL () {
  part(funds_judged)
  WHERE broken AND $after[0] = '' AND (kind > $after[1] OR (kind = $after[1] AND f.fund_no > $after[2]))
  RETURN '' AS area, kind, f.fund_no AS key, f.fund_no AS fund, null AS project, null AS asset, null AS distribution, null AS household, expected, found, [] AS documents
UNION ALL
  MATCH (v:Area)
  WHERE part(in_area) AND v.code >= $after[0]
  WITH v ORDER BY v.code
  part(money_judged)
  WITH v.code AS area, kind, key, project, asset, distribution, household, expected, found, broken, documents
  WHERE broken AND (area > $after[0] OR kind > $after[1] OR (kind = $after[1] AND key > $after[2]))
  WITH area, kind, key, project, asset, distribution, household, expected, found, documents ORDER BY area, kind, key LIMIT $limit
  RETURN area, kind, key, null AS fund, project, asset, distribution, household, expected, found, documents
}
WITH area, kind, key, fund, project, asset, distribution, household, expected, found, documents ORDER BY area, kind, key LIMIT $limit
WITH area, kind, key, fund, project, asset, distribution, household, expected, found, documents, kind IN ['SHARES_DO_NOT_SUM', 'PREFERRED_HELD_AFTER_EXIT'] AS shares
RETURN area, kind, key, fund, project, asset, distribution, household, CASE WHEN shares THEN null ELSE expected END AS expected, CASE WHEN shares THEN null ELSE found END AS found,
  CASE WHEN shares THEN null ELSE found - expected END AS difference, CASE WHEN shares THEN expected ELSE null END AS expected_shares, CASE WHEN shares THEN found ELSE null END AS found_shares, documents
ORDER BY area, kind, key
