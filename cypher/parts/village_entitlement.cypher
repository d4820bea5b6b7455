// 村的类型 — Type of the village v, by which it is entitled to duties.
// Columns: poor, whether it is poor; poor_households, their number; merged, whether it was merged into another.
// The entitlements of a village that was merged into this one, also through several mergers, pass to this one: it is
// poor if that one was poor by its last yearly record. A village that was merged into another is entitled to nothing.
// A poor village that has exited stays one here: its duties go on.
// Needs v, $asOf, $seq, $year.
coalesce(head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) RETURN coalesce(b.poor, false)
  ORDER BY b.year > $year, abs(b.year - $year) LIMIT 1 }), false)
  OR EXISTS { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(w:Area) WHERE merged(xs)
    AND EXISTS { MATCH (w)<-[:OF]-(b:VillageYear)
      WHERE known(b) AND b.year <= $year AND b.poor AND NOT EXISTS {
      MATCH (w)<-[:OF]-(d:VillageYear) WHERE known(d) AND d.year <= $year AND d.year > b.year } } } AS poor,
COUNT { MATCH (v)<-[p:POOR_IN]-(:Household) WHERE holds(p) } +
  size(COLLECT { MATCH (v)<-[xs:PREDECESSOR_OF*1..4]-(:Area)<-[p:POOR_IN]-(h:Household) WHERE merged(xs) AND holds(p)
    RETURN DISTINCT h.card_no }) AS poor_households,
EXISTS { MATCH (v)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf } AS merged
