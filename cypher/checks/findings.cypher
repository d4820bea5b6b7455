// 疑点 — Findings of the checks on villages, households, members, funds, projects, assets and dividends.
// OPEN: found for the first time. BACK: found again after it was gone or resolved. WAIVED: found, and waived on the
// day. RESOLVED: marked as resolved by an official. GONE: no longer found.
// A member or household that has left the register is listed at its last location. A finding that was first found for a
// later day than $asOf is not listed. Funds and other subjects without an area come first.
// checks: {code, severity} of the requested checks. statuses: requested statuses. everywhere: true if a whole province
// is requested. after: [area, number].
// first_seen: first day for which it was found. last_seen: last such day if it is gone.
// @params areas, low, high, asOf, seq, everywhere, checks, statuses, after, limit
// @returns area, village, finding_no, check, severity, status, household, person, fund, project, asset, distribution,
//   value, first_seen, last_seen, waiver, note, by
CALL () {
  MATCH (v:Area)
  WHERE part(in_area) AND v.code >= $after[0]
  part(area_findings)
  RETURN v.code AS area, CASE WHEN v:Village THEN v.code ELSE null END AS village, f, household, person
UNION ALL
  part(findings_without_area)
  WITH f
  WHERE $after[0] = ''
  RETURN '' AS area, null AS village, f, null AS household, null AS person
}
WITH area, village, f, household, person
WHERE area > $after[0] OR f.finding_no > $after[1]
MATCH (f)<-[:OF]-(s:FindingState)
WHERE known(s) AND EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded <= $seq AND e.day <= $asOf }
WITH area, village, f, s, household, person, head([c IN $checks WHERE c.code = s.check]).severity AS severity
WHERE severity IS NOT NULL
WITH area, village, f, s, household, person, severity,
  head(COLLECT { MATCH (w:Waiver {waiver_no: f.finding_no})<-[:OF]-(e:WaiverState)
    WHERE excepts(e) RETURN w.waiver_no LIMIT 1 }) AS waiver,
  EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded < s.recorded AND e.state <> 'OPEN' } AS is_recurrence
WITH area, village, f, s, household, person, severity, waiver, part(finding_status) AS status
WHERE status IN $statuses
WITH area, village, f, s, household, person, severity, waiver, status ORDER BY area, f.finding_no LIMIT $limit
WITH area, village, f.finding_no AS finding_no, s, household, person, severity, waiver, status,
  head(COLLECT { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded <= $seq RETURN e.day
    ORDER BY e.recorded LIMIT 1 }) AS first_seen,
  head(COLLECT { MATCH (f)-[a:ABOUT]->(x) WHERE known(a)
    RETURN {fund: x.fund_no, project: x.project_no, asset: x.asset_no, distribution: x.distribution_no} }) AS subject
WITH area, village, finding_no, s, household, person, severity, waiver, status, first_seen, subject.fund AS fund,
  subject.project AS project, subject.asset AS asset, subject.distribution AS distribution
RETURN area, village, finding_no, s.check AS check, severity, status, household, person,
  fund, project, asset, distribution, s.value AS value, first_seen, s.seen_on AS last_seen, waiver, s.note AS note,
    s.by AS by
ORDER BY area, finding_no
