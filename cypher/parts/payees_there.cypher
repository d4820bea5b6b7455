// 领款人所在 — The villages (code) of those who are, or were, paid of the dividend d. Needs d.
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
