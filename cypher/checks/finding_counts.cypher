// 疑点统计 — Number of open findings of each check in each data version, including zeros.
// The data versions are those in which a finding of the areas appeared, disappeared, or was waived or no longer waived.
// Between two of them, the counts are those of the earlier one.
// A finding that is waived on the latest collection day of the version is not open, as in findings. The expiry of a
// waiver shows from the next of these versions on.
// Each check that was in force on the day of the version has a row.
// checks: {code, severity, since, until} of the requested checks. hidden: codes of checks whose findings may not be
// told. after: [sequence, check].
// @params areas, low, high, asOf, seq, everywhere, checks, hidden, after, limit
// @returns sequence, day, check, severity, open
part(requested_findings)
MATCH (f)<-[:OF]-(s:FindingState)
WHERE s.state = 'OPEN' AND s.recorded <= $seq AND NOT s.check IN $hidden
WITH s.check AS check, s.recorded AS recorded, s.superseded AS superseded,
  COLLECT { MATCH (:Waiver {waiver_no: f.finding_no})<-[:OF]-(e:WaiverState)
    WHERE e.recorded <= $seq AND e.recorded < s.superseded AND e.superseded > s.recorded
    RETURN {recorded: e.recorded, superseded: e.superseded, begins_on: coalesce(e.begins_on, 10101),
      expires_on: coalesce(e.expires_on, 99991231)}
    ORDER BY e.recorded } AS waivers
WITH check, recorded, superseded, waivers, count(*) AS findings
WITH collect({check: check, recorded: recorded, superseded: superseded, findings: findings, waivers: waivers}) AS spans
UNWIND spans AS span
UNWIND reduce(all = [span.recorded, span.superseded], w IN span.waivers | all + [w.recorded, w.superseded]) AS sequence
WITH DISTINCT spans, sequence
WHERE sequence <= $seq AND sequence >= $after[0]
MATCH (i:Import {sequence: sequence})
UNWIND $checks AS c
WITH spans, sequence, i.day AS day, coalesce(i.latest, i.day) AS latest, c.code AS check, c.severity AS severity,
  c.since AS since, c.until AS until
WHERE since <= day AND until >= day AND (sequence > $after[0] OR check > $after[1])
WITH spans, sequence, day, latest, check, severity ORDER BY sequence, check LIMIT $limit
WITH sequence, day, check, severity, reduce(sum = 0, span IN spans | sum + CASE
  WHEN span.check = check AND span.recorded <= sequence AND span.superseded > sequence
  AND none(w IN span.waivers WHERE w.recorded <= sequence AND w.superseded > sequence AND w.begins_on <= latest
    AND w.expires_on >= latest) THEN span.findings ELSE 0 END) AS open
RETURN sequence, day, check, severity, open
ORDER BY sequence, check
