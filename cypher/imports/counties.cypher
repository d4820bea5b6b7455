// 有登记的县 — The counties of which a register has brought villages' books or households.
// @params
// @returns county
MATCH (v:Village)
WHERE EXISTS { MATCH (v)<-[:OF]-(:VillageYear) } OR EXISTS { MATCH (v)<-[:LIVES_IN]-(:Household) }
WITH DISTINCT substring(v.code, 0, 6) AS county
RETURN county
ORDER BY county
