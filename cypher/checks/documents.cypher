// 证件检查 — Members whose document number is missing, invalid or shared with another person (DOMAIN §5, identity).
// The latest record up to the year of the day is checked. Documents of other people count wherever they live.
// Shared documents are looked up once for each document, not for each person, because thousands of people can share a
// fictitious one.
// low, high: range of village codes to check. codes: checks in force. Each row is a finding with its displayed value.
// @compares identity
// @params low, high, asOf, seq, year, codes
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
MATCH (h)<-[m:MEMBER_OF]-(p:Person)
WHERE holds(m)
WITH p, head(COLLECT { MATCH (p)<-[:OF]-(c:PersonYear) WHERE known(c) AND c.year <= $year
  RETURN {missing: c.id_document IS NULL, fault: c.document_fault, identity: c.identity} ORDER BY c.year DESC LIMIT 1 })
  AS document
WHERE document IS NOT NULL
WITH document.identity AS identity,
  collect({person: p.person_no, missing: document.missing, fault: document.fault}) AS members
WITH members, CASE WHEN identity IS NULL THEN [] ELSE COLLECT {
  MATCH (d:PersonYear {identity: identity})-[:OF]->(q:Person)-[n:MEMBER_OF]->(:Household)
  WHERE known(d) AND d.year <= $year AND holds(n)
    AND NOT EXISTS { MATCH (q)<-[:OF]-(e:PersonYear) WHERE known(e) AND e.year <= $year AND e.year > d.year }
  RETURN DISTINCT q.person_no AS number ORDER BY number LIMIT 2 } END AS sharing
UNWIND members AS member
UNWIND [
  {check: 'DOCUMENT_MISSING', broken: member.missing, value: null},
  {check: 'DOCUMENT_LENGTH', broken: member.fault = 'LENGTH', value: member.fault},
  {check: 'DOCUMENT_CHECK', broken: member.fault IN ['SHAPE', 'DAY_OF_BIRTH', 'CHECK_CHARACTER'], value: member.fault},
  {check: 'DOCUMENT_DUPLICATE', broken: size(sharing) > 1, value: head([x IN sharing WHERE x <> member.person])}
] AS finding
WITH member, finding
WHERE finding.broken AND finding.check IN $codes
RETURN finding.check AS check, 'Person' AS label, member.person AS subject, finding.value AS value
ORDER BY check, subject
