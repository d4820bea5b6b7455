// 疑点统计数 — How many rows there are: data versions in which something was found there or went, by checks in force.
// The parameters are those of finding_counts.
// @params areas, low, high, seq, checks
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area)
part(findings_there)
MATCH (f)<-[:OF]-(s:FindingState)
WHERE s.state = 'OPEN' AND s.recorded <= $seq
UNWIND [s.recorded, s.superseded] AS sequence
WITH DISTINCT sequence
WHERE sequence <= $seq
MATCH (i:Import {sequence: sequence})
WITH size([one IN $checks WHERE one[2] <= i.day AND one[3] >= i.day]) AS rows
RETURN coalesce(sum(rows), 0) AS total, coalesce(sum(rows), 0) AS eligible
