// 疑点统计数 — Number of rows of finding_counts: data versions with new, gone or waived findings, by checks in force.
// The parameters are those of finding_counts.
// @params areas, low, high, asOf, seq, everywhere, checks, withheld, hidden
// @returns total, eligible, withheld_checks
part(requested_findings)
MATCH (f)<-[:OF]-(s:FindingState)
WHERE s.state = 'OPEN' AND s.recorded <= $seq AND NOT s.check IN $hidden
WITH s.recorded AS recorded, s.superseded AS superseded,
  COLLECT { MATCH (:Waiver {waiver_no: f.finding_no})<-[:OF]-(e:WaiverState)
    WHERE e.recorded <= $seq AND e.recorded < s.superseded AND e.superseded > s.recorded
    RETURN {recorded: e.recorded, superseded: e.superseded, begins_on: coalesce(e.begins_on, 10101),
      expires_on: coalesce(e.expires_on, 99991231)}
    ORDER BY e.recorded } AS waivers
UNWIND reduce(all = [recorded, superseded], w IN waivers | all + [w.recorded, w.superseded]) AS sequence
WITH DISTINCT sequence
WHERE sequence <= $seq
MATCH (i:Import {sequence: sequence})
WITH size([c IN $checks WHERE c.since <= i.day AND c.until >= i.day]) AS rows
WITH coalesce(sum(rows), 0) AS total
RETURN total, total AS eligible, $withheld AS withheld_checks
