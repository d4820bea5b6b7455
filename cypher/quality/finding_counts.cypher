// 疑点统计 — How many findings of each check were open in each data version: counts over time, zeros too.
// The data versions are those in which something was found there or went: between two of them counts are those of the former. In each, every
// check that was in force on its day has its row. checks: [code, severity, first day, last day] of those asked for. after: [sequence, check].
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
UNWIND $checks AS one
WITH spans, sequence, i.day AS day, one[0] AS check, one[1] AS severity, one[2] AS since, one[3] AS until
WHERE since <= day AND until >= day AND (sequence > $after[0] OR check > $after[1])
WITH spans, sequence, day, check, severity ORDER BY sequence, check LIMIT $limit
WITH sequence, day, check, severity, reduce(sum = 0, span IN spans | sum + CASE WHEN span[0] = check AND span[1] <= sequence AND span[2] > sequence THEN span[3] ELSE 0 END) AS open
RETURN sequence, day, check, severity, open
ORDER BY sequence, check
