// 已有疑点 — Findings about areas in a range and about everything located there, whatever their state.
// With everywhere, also findings about funds and about subjects without an area. A person or household that has left
// the register counts at its last location.
// low, high: range of codes.
// @params low, high, everywhere, areas, asOf, seq
// @returns finding_no, check, state, value, note, by, day
CALL () {
  MATCH (v:Area)
  WHERE v.code >= $low AND v.code < $high
  part(area_findings)
  RETURN f
UNION ALL
  part(findings_without_area)
  RETURN f
}
MATCH (f)<-[:OF]-(s:FindingState)
WHERE known(s)
RETURN f.finding_no AS finding_no, s.check AS check, s.state AS state, s.value AS value, s.note AS note, s.by AS by,
  s.day AS day
ORDER BY finding_no
