// 已有疑点 — The findings about areas in a range, and what lives and lies there, wherever it stands now; for everywhere those about funds and what lies in no area.
// A person or a household that has left the register is still where it was last.
// low, high: the range of codes.
// @params low, high, everywhere, areas, asOf, seq
// @returns finding_no, check, state, value, note, by, day
CALL () {
  MATCH (v:Area)
  WHERE v.code >= $low AND v.code < $high
  part(findings_there)
  RETURN f
UNION ALL
  part(findings_nowhere)
  RETURN f
}
MATCH (f)<-[:OF]-(s:FindingState)
WHERE known(s)
RETURN f.finding_no AS finding_no, s.check AS check, s.state AS state, s.value AS value, s.note AS note, s.by AS by, s.day AS day
ORDER BY finding_no
