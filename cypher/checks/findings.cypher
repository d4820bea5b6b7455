// 疑点 — What the checks found of villages, households and their members, of funds, projects, assets and dividends: open, back, waived, put right, or no longer there.
// OPEN: found and not before; BACK: found again after it was gone or put right; WAIVED: found, and excepted on the day; RESOLVED: put
// right by an official's word; GONE: no longer found. A member or a household that has left is still told where it was last. What
// was found first for a later day than the one asked is not told. First come funds and what else lies in no area.
// checks: [code, severity] of those asked for. statuses: those asked for. everywhere: a whole province is asked for. after: [area, number].
// first_seen, last_seen: days for which it was found first and, where it is gone, last.
// @params areas, low, high, asOf, seq, everywhere, checks, statuses, after, limit
// @returns area, village, finding_no, check, severity, status, household, person, fund, project, asset, distribution, value, first_seen, last_seen, waiver, note, by
CALL () {
  MATCH (v:Area)
  WHERE part(in_area) AND v.code >= $after[0]
  part(findings_there)
  RETURN v.code AS area, CASE WHEN v:Village THEN v.code ELSE null END AS village, f, household, person
UNION ALL
  part(findings_nowhere)
  WHERE $after[0] = ''
  RETURN '' AS area, null AS village, f, null AS household, null AS person
}
WITH area, village, f, household, person
WHERE area > $after[0] OR f.finding_no > $after[1]
MATCH (f)<-[:OF]-(s:FindingState)
WHERE known(s) AND EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded <= $seq AND e.day <= $asOf }
WITH area, village, f, s, household, person, head([c IN $checks WHERE c[0] = s.check]) AS one
WHERE one IS NOT NULL
WITH area, village, f, s, household, person, one,
  head(COLLECT { MATCH (w:Waiver {waiver_no: f.finding_no})<-[:OF]-(e:WaiverState)
    WHERE excepts(e) RETURN w.waiver_no LIMIT 1 }) AS waiver,
  EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded < s.recorded AND e.state <> 'OPEN' } AS again
WITH area, village, f, s, household, person, one, waiver, part(finding_status) AS status
WHERE status IN $statuses
WITH area, village, f, s, household, person, one, waiver, status ORDER BY area, f.finding_no LIMIT $limit
WITH area, village, f.finding_no AS finding_no, s, household, person, one, waiver, status,
  head(COLLECT { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded <= $seq RETURN e.day ORDER BY e.recorded LIMIT 1 }) AS first_seen,
  head(COLLECT { MATCH (f)-[a:ABOUT]->(x) WHERE known(a) RETURN [x.fund_no, x.project_no, x.asset_no, x.distribution_no] }) AS money
WITH area, village, finding_no, s, household, person, one, waiver, status, first_seen, money[0] AS fund, money[1] AS project, money[2] AS asset, money[3] AS distribution
RETURN area, village, finding_no, s.check AS check, one[1] AS severity, status, household, person,
  fund, project, asset, distribution, s.value AS value, first_seen, s.seen_on AS last_seen, waiver, s.note AS note, s.by AS by
ORDER BY area, finding_no
