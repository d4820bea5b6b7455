// 涉及的县 — The counties of these households, persons, villages, measures and entries of outside lists, now and before;
// also of those who have, or had, the same document or telephone.
// @params households, persons, villages, measures, records
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
  UNWIND $records AS key
  MATCH (s:OutsideRecordState)-[:OF]->(:OutsideRecord {record_no: key})
  MATCH (c:PersonYear {identity: s.identity})-[:OF]->(:Person)-[:MEMBER_OF]->(:Household)-[:LIVES_IN]->(v:Village)
  RETURN v.code AS code
}
WITH DISTINCT substring(code, 0, 6) AS county
RETURN county
ORDER BY county
