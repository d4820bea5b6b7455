// 流入区划的资金 — Funds f that are managed in the requested areas, or whose money went there.
// For a whole province, all funds.
// The money went to projects, operators, households, persons or village collectives, or paid for measures that had
// begun by the day.
// Needs $everywhere, $areas, $low, $high, $asOf, $seq.
CALL () {
  UNWIND CASE WHEN $everywhere THEN [1] ELSE [] END AS pass
  MATCH (f:Fund)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Area)<-[m:MANAGED_BY]-(f:Fund)
  WHERE within(w) AND holds(m)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Area)<-[l:LOCATED_IN]-(:Project)<-[a:ALLOCATED]-(f:Fund)
  WHERE within(w) AND known(l) AND holds(a)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Area)<-[l:LOCATED_IN]-(o)<-[i:INVESTED|LENT]-(f:Fund)
  WHERE within(w) AND known(l) AND o.uscc IS NOT NULL AND holds(i)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Village)<-[l:LIVES_IN]-(:Household)<-[g:GRANTED|LENT]-(f:Fund)
  WHERE within(w) AND holds(l) AND holds(g)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Village)<-[l:LIVES_IN]-(:Household)<-[b:MEMBER_OF]-(:Person)<-[g:DISBURSED]-(f:Fund)
  WHERE within(w) AND holds(l) AND holds(b) AND holds(g)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Village)<-[g:DISBURSED]-(f:Fund)
  WHERE within(w) AND holds(g)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Village)<-[l:LIVES_IN]-(:Household)-[r:RECEIVES]->(m:Measure)<-[p:PAYS]-(f:Fund)
  WHERE within(w) AND holds(l) AND known(r) AND known(p) AND part(measure_begun)
  RETURN f
UNION
  UNWIND CASE WHEN $everywhere THEN [] ELSE [1] END AS pass
  MATCH (w:Village)<-[l:LIVES_IN]-(:Household)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)<-[p:PAYS]-(f:Fund)
  WHERE within(w) AND holds(l) AND holds(b) AND known(r) AND known(p) AND part(measure_begun)
  RETURN f
}
