// 领款人所在 — Villages (code) in which recipients of the dividend d live or lived. Needs d.
CALL (d) {
  WITH d
  MATCH (d)-[:PAID]->(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  WITH d
  MATCH (d)-[:PAID]->(:Person)-[:MEMBER_OF]->(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  WITH d
  MATCH (d)-[:PAID]->(v:Village)
  RETURN v.code AS code
}
