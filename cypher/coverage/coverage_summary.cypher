// 帮扶责任覆盖汇总 — Missing of eligible, for each area below and each duty, on a day.
// The rules are those of coverage_gaps, whose parameters these are; with `reasons`, missing for one of these.
// areas: ranges of codes; low, high: what they span, for the index.
// `digits`: length of the codes to sum by, 0 = all together. after: [area, rank].
// @params areas, low, high, asOf, seq, year, villageDuties, helperRank, visitRank, yearsAfterExit, visitedSince, reasons, digits, after, limit
// @returns area, rank, eligible, missing
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND size([area IN $areas WHERE v.code >= area[0] AND v.code < area[1]]) > 0 AND v.code >= substring($after[0], 0, $digits) AND v.recorded <= $seq
CALL (v) {
  WITH v,
    head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) RETURN coalesce(b.poor, false) ORDER BY b.year > $year, abs(b.year - $year) LIMIT 1 }) AS poor,
    COUNT { MATCH (v)<-[p:POOR_IN]-(:Household) WHERE holds(p) } AS poorHouseholds
  UNWIND $villageDuties AS duty
  WITH v, duty[0] AS rank, duty[1] AS posts
  WHERE (duty[2] AND poor) OR poorHouseholds >= duty[3]
  WITH rank,
    COLLECT { MATCH (v)<-[r:SERVES]-(c:Cadre) WHERE r.duty IN posts AND known(r) AND r.since <= $asOf
      RETURN [r.until, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on })] ORDER BY r.until DESC, c.cadre_no } +
    COLLECT { MATCH (v)<-[r:ASSISTS]-(d:Department) WHERE size(posts) = 0 AND known(r) AND r.since <= $asOf
      RETURN [r.until, null] ORDER BY r.until DESC, d.department_no } AS rows
  RETURN rank, rows, false AS met
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
    AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf AND (p.until >= $asOf OR (p.exited_in <= $year AND p.exited_in + $yearsAfterExit >= $year)) }
  WITH h,
    COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
      RETURN [r.until, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on })] ORDER BY r.until DESC, c.cadre_no } AS rows,
    EXISTS { MATCH (h)<-[t:VISITED]-(:Cadre) WHERE known(t) AND t.since >= $visitedSince AND t.since <= $asOf } AS visited
  WITH rows, visited, any(row IN rows WHERE row[0] >= $asOf AND (row[1] IS NULL OR row[1] > $asOf)) AS helped
  UNWIND [[$helperRank, rows, helped], [CASE WHEN helped THEN $visitRank END, null, visited]] AS judged
  WITH judged WHERE judged[0] IS NOT NULL
  RETURN judged[0] AS rank, judged[1] AS rows, judged[2] AS met
}
WITH substring(v.code, 0, $digits) AS area, rank,
  CASE WHEN met OR any(row IN rows WHERE row[0] >= $asOf AND (row[1] IS NULL OR row[1] > $asOf)) THEN null
    WHEN rows IS NULL THEN 'NO_RECENT_VISIT' WHEN any(row IN rows WHERE row[0] >= $asOf) THEN 'HOLDER_LEFT' WHEN size(rows) > 0 THEN 'ENDED' ELSE 'NEVER_ASSIGNED' END AS reason
WITH area, rank, count(*) AS eligible, sum(CASE WHEN reason IS NULL OR NOT reason IN coalesce($reasons, [reason]) THEN 0 ELSE 1 END) AS missing
WHERE area > $after[0] OR rank > $after[1]
WITH area, rank, eligible, missing ORDER BY area, rank LIMIT $limit
RETURN area, rank, eligible, missing
ORDER BY area, rank
