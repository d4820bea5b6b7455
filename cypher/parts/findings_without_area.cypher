// 无所在区划的疑点 — Findings f about funds that are managed in the requested areas, or whose money went there.
// For a whole province ($everywhere), findings about all funds and about assets without an area.
// Needs $everywhere, $areas, $low, $high, $asOf, $seq.
CALL () {
  part(area_funds)
  MATCH (f)<-[x:ABOUT]-(g:Finding)
  WHERE known(x)
  WITH g
  RETURN g AS f
UNION ALL
  UNWIND CASE WHEN $everywhere THEN [1] ELSE [] END AS pass
  MATCH (s:Asset)<-[x:ABOUT]-(g:Finding)
  WHERE known(x) AND NOT EXISTS { MATCH (s)-[l:LOCATED_IN]->(:Area) WHERE known(l) }
  RETURN g AS f
}
