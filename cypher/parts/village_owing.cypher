// 村的等次 — What a village owes duties by: whether it is poor by its books, and how many poor households live there.
// Needs v, $asOf, $seq, $year. Of a village that others were merged into, without a book of its own, theirs count; a village that was
// merged into another owes nothing any more.
head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) RETURN coalesce(b.poor, false) ORDER BY b.year > $year, abs(b.year - $year) LIMIT 1 } +
  COLLECT { MATCH (v)<-[x:PREDECESSOR_OF]-(:Area)<-[:OF]-(b:VillageYear) WHERE known(x) AND x.since <= $asOf AND known(b) RETURN coalesce(b.poor, false) ORDER BY NOT coalesce(b.poor, false), b.year LIMIT 1 }) AS poor,
COUNT { MATCH (v)<-[p:POOR_IN]-(:Household) WHERE holds(p) } +
  COUNT { MATCH (v)<-[x:PREDECESSOR_OF]-(:Area)<-[p:POOR_IN]-(:Household) WHERE known(x) AND x.since <= $asOf AND holds(p) } AS poorHouseholds,
EXISTS { MATCH (v)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf } AS merged
