// 目标进度 — Targets of areas for the year of the day, with the actual figures up to the day.
// indicators: [text of the register, position of the figure in the part book_figures, or -1 for exited counties]. An
// indicator that is not in the list has no actual figure. after: [area, target].
// @params areas, low, high, asOf, seq, year, hollow, indicators, after, limit
// @returns area, target_no, indicator, number, actual
MATCH (a:Area)<-[x:COVERS]-(t:Target)<-[:OF]-(s:TargetState)
WHERE within(a) AND a.code >= $after[0]
  AND known(x) AND known(s) AND s.year = $year AND (a.code > $after[0] OR t.target_no > $after[1])
WITH a.code AS code, t.target_no AS number_, s.indicator AS indicator, s.number AS number,
  head([one IN $indicators WHERE one[0] = s.indicator])[1] AS at ORDER BY code, number_ LIMIT $limit
CALL (code, at) {
  WITH code, at
  MATCH (v:Village)
  WHERE at >= 0 AND v.code >= code AND v.code < code + ':' AND v.recorded <= $seq
  part(book_figures)
  RETURN sum(figures[at]) AS counted
}
WITH code AS area, number_ AS target_no, indicator, number, CASE WHEN at IS NULL THEN null
  WHEN at < 0 THEN part(exited_counties) ELSE coalesce(counted, 0) END AS actual
RETURN area, target_no, indicator, number, actual
ORDER BY area, target_no
