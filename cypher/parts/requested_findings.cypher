// 查询范围内的疑点 — Findings f of the requested areas and of subjects without an area.
// See the parts area_findings and findings_without_area.
// Needs $everywhere, $areas, $low, $high, $asOf, $seq.
CALL () {
  MATCH (v:Area)
  WHERE part(in_area)
  part(area_findings)
  RETURN f
UNION ALL
  part(findings_without_area)
  RETURN f
}
