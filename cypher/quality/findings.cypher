// 疑点 — What the checks found of villages, households and their members: open, back, waived, put right, or no longer there.
// OPEN: found and not before; BACK: found again after it was gone or put right; WAIVED: found, and excepted on the day; RESOLVED: put
// right by an official's word; GONE: no longer found. A member or a household that has left is still told where it was last. What
// was found first for a later day than the one asked is not told.
// checks: [code, severity] of those asked for. statuses: those asked for. after: [village, number].
// first_seen, last_seen: days for which it was found first and, where it is gone, last.
// @params areas, low, high, asOf, seq, checks, statuses, after, limit
// @returns village, finding_no, check, severity, status, household, person, value, first_seen, last_seen, waiver, note, by
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0]
WITH v ORDER BY v.code
part(findings_there)
WITH v.code AS village, f, household, person
WHERE village > $after[0] OR f.finding_no > $after[1]
MATCH (f)<-[:OF]-(s:FindingState)
WHERE known(s) AND EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded <= $seq AND e.day <= $asOf }
WITH village, f, s, household, person, head([c IN $checks WHERE c[0] = s.check]) AS one
WHERE one IS NOT NULL
WITH village, f, s, household, person, one,
  head(COLLECT { MATCH (w:Waiver {waiver_no: f.finding_no})<-[:OF]-(e:WaiverState)
    WHERE excepts(e) RETURN w.waiver_no LIMIT 1 }) AS waiver,
  EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded < s.recorded AND e.state <> 'OPEN' } AS again
WITH village, f, s, household, person, one, waiver,
  CASE WHEN s.state <> 'OPEN' THEN s.state WHEN waiver IS NOT NULL THEN 'WAIVED' WHEN again THEN 'BACK' ELSE 'OPEN' END AS status
WHERE status IN $statuses
WITH village, f, s, household, person, one, waiver, status ORDER BY village, f.finding_no LIMIT $limit
WITH village, f.finding_no AS finding_no, s, household, person, one, waiver, status,
  head(COLLECT { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded <= $seq RETURN e.day ORDER BY e.recorded LIMIT 1 }) AS first_seen
RETURN village, finding_no, s.check AS check, one[1] AS severity, status, household, person, s.value AS value, first_seen, s.seen_on AS last_seen, waiver, s.note AS note, s.by AS by
ORDER BY village, finding_no
