// 外部名单比对 — Members on a list of another office: vehicles, payroll, companies, homes, deceased (DOMAIN §5).
// The first 18 characters of documents are compared, as they are encrypted. An entry counts from its date on; an entry
// without a date always counts.
// value: number of the entry, the first if there are several. Its content is sensitive.
// @compares identity
// @params low, high, asOf, seq, year, codes
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
MATCH (h)<-[m:MEMBER_OF]-(p:Person)
WHERE holds(m)
WITH p, head(COLLECT { MATCH (p)<-[:OF]-(c:PersonYear) WHERE known(c) AND c.year <= $year RETURN c.identity
  ORDER BY c.year DESC LIMIT 1 }) AS identity
WHERE identity IS NOT NULL
MATCH (s:OutsideRecordState {identity: identity})
WHERE known(s) AND coalesce(s.began_on, $asOf) <= $asOf
WITH p, 'OUTSIDE_' + s.list AS check,
  head(COLLECT { MATCH (s)-[:OF]->(o:OutsideRecord) RETURN o.record_no }) AS record_no
ORDER BY record_no
WHERE check IN $codes
WITH check, p.person_no AS subject, collect(record_no) AS record_nos
RETURN check, 'Person' AS label, subject, head(record_nos) AS value
ORDER BY check, subject
