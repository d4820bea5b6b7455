// 台账区划数 — Number of areas of a level, and of those with data in the register.
// The parameters are those of ledger.
// @params areas, low, high, asOf, seq, digits
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
WITH substring(v.code, 0, $digits) AS code,
  part(merged_away) AS merged,
  EXISTS { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) } OR part(merged_into) AS has_record,
  EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE known(l) } AS has_households
WHERE has_households OR NOT merged
WITH code, has_record OR has_households AS registered
WITH code, max(CASE WHEN registered THEN 1 ELSE 0 END) AS registered
RETURN coalesce(sum(registered), 0) AS total, count(*) AS eligible
