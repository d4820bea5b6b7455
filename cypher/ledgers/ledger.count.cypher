// 台账区划数 — Number of areas of a level, and of those with data in the register.
// The parameters are those of ledger.
// @params areas, low, high, asOf, seq, digits
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
WITH substring(v.code, 0, $digits) AS code,
  part(merged_away) AS merged, EXISTS { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) } OR part(merged_into) AS kept,
    EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE known(l) } AS lived
WHERE lived OR NOT merged
WITH code, kept OR lived AS there
WITH code, max(CASE WHEN there THEN 1 ELSE 0 END) AS told
RETURN coalesce(sum(told), 0) AS total, count(*) AS eligible
