// 查询范围内的疑点 — Findings f of the requested areas and of subjects without an area.
// See the parts findings_there and findings_nowhere.
// Needs $everywhere, $areas, $low, $high, $asOf, $seq.
CALL () {
  MATCH (v:Area)
  WHERE part(in_area)
  part(findings_there)
  RETURN f
UNION ALL
  part(findings_nowhere)
  RETURN f
}
