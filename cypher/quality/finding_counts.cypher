// 疑点统计 — How many findings of each check were open in each data version: counts over time.
// The data versions are those in which something was found or went. checks: [code, severity] of those asked for. after: [sequence, check].
// @params areas, low, high, seq, checks, after, limit
// @returns sequence, day, check, severity, open
MATCH (v:Village)
WHERE part(in_area)
part(findings_there)
MATCH (f)<-[:OF]-(s:FindingState)
WHERE s.state = 'OPEN' AND s.recorded <= $seq
WITH s.check AS check, s.recorded AS recorded, s.superseded AS superseded, count(*) AS many
WITH collect([check, recorded, superseded, many]) AS spans
UNWIND spans AS span
UNWIND [span[1], span[2]] AS sequence
WITH DISTINCT spans, sequence
WHERE sequence <= $seq AND sequence >= $after[0]
MATCH (i:Import {sequence: sequence})
UNWIND spans AS span
WITH sequence, i.day AS day, span[0] AS check, sum(CASE WHEN span[1] <= sequence AND span[2] > sequence THEN span[3] ELSE 0 END) AS open
WITH sequence, day, open, head([c IN $checks WHERE c[0] = check]) AS one
WHERE one IS NOT NULL AND open > 0 AND (sequence > $after[0] OR (sequence = $after[0] AND one[0] > $after[1]))
RETURN sequence, day, one[0] AS check, one[1] AS severity, open
ORDER BY sequence, check LIMIT $limit
