// 有登记的县 — The counties of which a register has brought villages' books or households, projects or assets; areas above the counties where these lie.
// @params
// @returns county
CALL () {
  MATCH (v:Village)
  WHERE EXISTS { MATCH (v)<-[:OF]-(:VillageYear) } OR EXISTS { MATCH (v)<-[:LIVES_IN]-(:Household) }
  RETURN DISTINCT substring(v.code, 0, 6) AS county
UNION
  MATCH (:Distribution)-[:PAID]->(v:Village)
  RETURN DISTINCT substring(v.code, 0, 6) AS county
UNION
  MATCH (:Project)-[:LOCATED_IN]->(v:Area)
  RETURN DISTINCT substring(v.code, 0, 6) AS county
UNION
  MATCH (:Asset)-[:LOCATED_IN]->(v:Area)
  RETURN DISTINCT substring(v.code, 0, 6) AS county
}
RETURN county
ORDER BY county
