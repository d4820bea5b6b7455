// 所问疑点 — The findings f of the areas asked for, and of what lies in none: see the parts findings_there and findings_nowhere.
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
