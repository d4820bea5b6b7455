// 涉及的县 — Present and former counties of the given nodes.
// The nodes are households, persons, villages, measures, entries of outside lists, projects, assets, dividends and
// funds. Also counties of people who have or had the same document or telephone number. An empty code stands for funds
// and for subjects in no county.
// @compares identity, phone
// @params households, persons, villages, measures, records, funds, projects, assets, distributions
// @returns county
CALL () {
  UNWIND $households AS key
  MATCH (:Household {card_no: key})-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  UNWIND $persons AS key
  MATCH (:Person {person_no: key})-[:MEMBER_OF]->(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  UNWIND $persons AS key
  MATCH (:Person {person_no: key})<-[:OF]-(c:PersonYear)
  WHERE c.identity IS NOT NULL
  WITH DISTINCT c.identity AS identity
  MATCH (:PersonYear {identity: identity})-[:OF]->(:Person)-[:MEMBER_OF]->(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  UNWIND $households AS key
  MATCH (:Household {card_no: key})<-[:OF]-(c:HouseholdYear)
  WHERE c.phone IS NOT NULL
  WITH DISTINCT c.phone AS phone
  MATCH (:HouseholdYear {phone: phone})-[:OF]->(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  UNWIND $villages AS key
  RETURN key AS code
UNION
  UNWIND $measures AS key
  MATCH (:Measure {measure_no: key})<-[:RECEIVES]-(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  UNWIND $measures AS key
  MATCH (:Measure {measure_no: key})<-[:PAYS]-(:Fund)
  RETURN '' AS code
UNION
  UNWIND $records AS key
  MATCH (s:OutsideRecordState)-[:OF]->(:OutsideRecord {record_no: key})
  MATCH (c:PersonYear {identity: s.identity})-[:OF]->(:Person)-[:MEMBER_OF]->(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
UNION
  UNWIND $funds AS key
  MATCH (:Fund {fund_no: key})-[:ALLOCATED]->(:Project)-[:LOCATED_IN]->(v:Area)
  RETURN v.code AS code
UNION
  UNWIND $projects AS key
  MATCH (:Project {project_no: key})-[:LOCATED_IN]->(v:Area)
  RETURN v.code AS code
UNION
  UNWIND $assets AS key
  MATCH (:Asset {asset_no: key})-[:LOCATED_IN]->(v:Area)
  RETURN v.code AS code
UNION
  UNWIND $assets AS key
  MATCH (:Asset {asset_no: key})-[:YIELDED]->(d:Distribution)
  part(payee_villages)
  RETURN code
UNION
  UNWIND $distributions AS key
  MATCH (:Distribution {distribution_no: key})<-[:YIELDED]-(:Asset)-[:LOCATED_IN]->(v:Area)
  RETURN v.code AS code
UNION
  UNWIND $distributions AS key
  MATCH (d:Distribution {distribution_no: key})
  part(payee_villages)
  RETURN code
UNION
  UNWIND $funds + $assets AS key
  RETURN '' AS code
}
WITH DISTINCT substring(code, 0, 6) AS county
RETURN county
ORDER BY county
