// 证件检查 — Members whose document number is missing, invalid or shared with another person (DOMAIN §5, identity).
// The latest record up to the year of the day is checked. Documents of other people count wherever they live.
// Shared documents are looked up once for each document, not for each person, because thousands of people can share a
// fictitious one.
// low, high: range of village codes to check. codes: checks in force. Each row is a finding with its displayed value.
// @params low, high, asOf, seq, year, codes
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
MATCH (h)<-[m:MEMBER_OF]-(p:Person)
WHERE holds(m)
WITH p, head(COLLECT { MATCH (p)<-[:OF]-(c:PersonYear) WHERE known(c) AND c.year <= $year
  RETURN [c.id_document, c.document_fault, c.identity] ORDER BY c.year DESC LIMIT 1 }) AS c
WHERE c IS NOT NULL
WITH c[2] AS identity, collect([p.person_no, c[0] IS NULL, c[1]]) AS here
WITH here, CASE WHEN identity IS NULL THEN [] ELSE COLLECT {
  MATCH (d:PersonYear {identity: identity})-[:OF]->(q:Person)-[n:MEMBER_OF]->(:Household)
  WHERE known(d) AND d.year <= $year AND holds(n)
    AND NOT EXISTS { MATCH (q)<-[:OF]-(e:PersonYear) WHERE known(e) AND e.year <= $year AND e.year > d.year }
  RETURN DISTINCT q.person_no AS number ORDER BY number LIMIT 2 } END AS sharing
UNWIND here AS who
UNWIND [
  ['DOCUMENT_MISSING', who[1], null],
  ['DOCUMENT_LENGTH', who[2] = 'LENGTH', who[2]],
  ['DOCUMENT_CHECK', who[2] IN ['SHAPE', 'DAY_OF_BIRTH', 'CHECK_CHARACTER'], who[2]],
  ['DOCUMENT_DUPLICATE', size(sharing) > 1, head([x IN sharing WHERE x <> who[0]])]
] AS one
WITH who, one
WHERE one[1] AND one[0] IN $codes
RETURN one[0] AS check, 'Person' AS label, who[0] AS subject, one[2] AS value
ORDER BY check, subject
