// 疑点统计数 — In how many of how many data versions and checks something was open.
// The parameters are those of finding_counts.
// @params areas, low, high, seq, checks
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area)
part(findings_there)
MATCH (f)<-[:OF]-(s:FindingState)
WHERE s.state = 'OPEN' AND s.recorded <= $seq
WITH DISTINCT s.check AS check, s.recorded AS recorded, s.superseded AS superseded
WITH collect([check, recorded, superseded]) AS spans
UNWIND spans AS span
UNWIND [span[1], span[2]] AS sequence
WITH DISTINCT spans, sequence
WHERE sequence <= $seq
UNWIND spans AS span
WITH DISTINCT sequence, CASE WHEN span[1] <= sequence AND span[2] > sequence THEN span[0] END AS check
WITH count(DISTINCT sequence) AS versions, sum(CASE WHEN any(c IN $checks WHERE c[0] = check) THEN 1 ELSE 0 END) AS total
RETURN total, versions * size($checks) AS eligible
