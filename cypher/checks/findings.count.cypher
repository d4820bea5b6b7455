// 疑点数 — Number of findings of the requested checks, and of those with the requested statuses.
// The rules and parameters are those of findings.
// withheld: codes of the requested checks whose findings are left out.
// @params areas, low, high, asOf, seq, everywhere, checks, withheld, statuses
// @returns total, eligible, withheld_checks
part(requested_findings)
MATCH (f)<-[:OF]-(s:FindingState)
WHERE known(s) AND EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded <= $seq AND e.day <= $asOf }
WITH f, s, head([c IN $checks WHERE c.code = s.check]).severity AS severity
WHERE severity IS NOT NULL
WITH s,
  head(COLLECT { MATCH (w:Waiver {waiver_no: f.finding_no})<-[:OF]-(e:WaiverState)
    WHERE excepts(e) RETURN w.waiver_no LIMIT 1 }) AS waiver,
  EXISTS { MATCH (f)<-[:OF]-(e:FindingState) WHERE e.recorded < s.recorded AND e.state <> 'OPEN' } AS is_recurrence
WITH part(finding_status) AS status
WITH sum(CASE WHEN status IN $statuses THEN 1 ELSE 0 END) AS total, count(*) AS eligible
RETURN total, eligible, $withheld AS withheld_checks
