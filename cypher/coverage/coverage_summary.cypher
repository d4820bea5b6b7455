// 帮扶责任覆盖汇总 — Missing of eligible, for each area below and each duty, on a day.
// The rules are those of coverage_gaps, whose parameters these are. `digits`: length of the codes to sum by.
// @params areas, asOf, seq, year, villageDuties, helperRank, visitRank, yearsAfterExit, visitedSince, digits
// @returns area, rank, eligible, missing
UNWIND $areas AS area
MATCH (v:Village)
WHERE v.code >= area[0] AND v.code < area[1] AND v.recorded <= $seq
CALL (v) {
  WITH v,
    head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) RETURN coalesce(b.poor, false) ORDER BY b.year > $year, abs(b.year - $year) LIMIT 1 }) AS poor,
    COUNT { MATCH (v)<-[p:POOR_IN]-(:Household) WHERE holds(p) } AS poorHouseholds
  UNWIND $villageDuties AS duty
  WITH v, duty[0] AS rank, duty[1] AS posts
  WHERE (duty[2] AND poor) OR poorHouseholds >= duty[3]
  WITH rank,
    EXISTS { MATCH (v)<-[r:SERVES]-(c:Cadre) WHERE r.duty IN posts AND holds(r)
      AND NOT EXISTS { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) AND s.left_on <= $asOf } } OR
    EXISTS { MATCH (v)<-[r:ASSISTS]-(:Department) WHERE size(posts) = 0 AND holds(r) } AS met
  RETURN rank, met
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
    AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf AND (p.until >= $asOf OR (p.exited_in <= $year AND p.exited_in + $yearsAfterExit >= $year)) }
  WITH h,
    EXISTS { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE holds(r)
      AND NOT EXISTS { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) AND s.left_on <= $asOf } } AS helped,
    EXISTS { MATCH (h)<-[t:VISITED]-(:Cadre) WHERE known(t) AND t.since >= $visitedSince AND t.since <= $asOf } AS visited
  UNWIND [[$helperRank, helped], [CASE WHEN helped THEN $visitRank END, visited]] AS judged
  WITH judged WHERE judged[0] IS NOT NULL
  RETURN judged[0] AS rank, judged[1] AS met
}
WITH substring(v.code, 0, $digits) AS code, rank, met
RETURN code AS area, rank AS rank, count(*) AS eligible, sum(CASE WHEN met THEN 0 ELSE 1 END) AS missing
ORDER BY area, rank
