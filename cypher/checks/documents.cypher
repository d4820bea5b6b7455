// 证件检查 — Members whose document's number is missing, wrong, or also somebody else's (DOMAIN §5, identity).
// The latest record until the year of the day is looked at. Another's document counts wherever that person lives.
// low, high: the range of village codes to look at. codes: the checks in force. Each row is a finding, its value as it is told.
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
WITH p, c,
  CASE WHEN c[2] IS NULL THEN null ELSE head(COLLECT {
    MATCH (d:PersonYear {identity: c[2]})-[:OF]->(q:Person)-[n:MEMBER_OF]->(:Household)
    WHERE known(d) AND d.year <= $year AND holds(n) AND q.person_no <> p.person_no
      AND NOT EXISTS { MATCH (q)<-[:OF]-(e:PersonYear) WHERE known(e) AND e.year <= $year AND e.year > d.year }
    RETURN q.person_no ORDER BY q.person_no LIMIT 1 }) END AS other
UNWIND [
  ['DOCUMENT_MISSING', c[0] IS NULL, null],
  ['DOCUMENT_LENGTH', c[1] = 'LENGTH', c[1]],
  ['DOCUMENT_CHECK', c[1] IN ['SHAPE', 'DAY_OF_BIRTH', 'CHECK_CHARACTER'], c[1]],
  ['DOCUMENT_DUPLICATE', other IS NOT NULL, other]
] AS one
WITH p, one
WHERE one[1] AND one[0] IN $codes
RETURN one[0] AS check, 'Person' AS label, p.person_no AS subject, one[2] AS value
ORDER BY check, subject
