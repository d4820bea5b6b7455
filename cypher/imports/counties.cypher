// 有登记的县 — Counties for which a register has village records, households, projects or assets.
// An area above the county level is returned if a project or asset is located in it directly.
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
