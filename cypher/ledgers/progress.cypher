// 目标进度 — Targets of areas for the year of the day, with the actual figures up to the day.
// indicators: {indicator, figure}: text of the register, and figure of the part village_figures, or exited_counties. An
// indicator that is not in the list has no actual figure. after: [area, target].
// @params areas, low, high, asOf, seq, year, hollow, indicators, after, limit
// @returns area, target_no, indicator, number, actual
MATCH (a:Area)<-[x:COVERS]-(t:Target)<-[:OF]-(s:TargetState)
WHERE within(a) AND a.code >= $after[0]
  AND known(x) AND known(s) AND s.year = $year AND (a.code > $after[0] OR t.target_no > $after[1])
WITH a.code AS code, t.target_no AS target_no, s.indicator AS indicator, s.number AS number,
  head([i IN $indicators WHERE i.indicator = s.indicator]).figure AS figure ORDER BY code, target_no LIMIT $limit
CALL (code, figure) {
  WITH code, figure
  MATCH (v:Village)
  WHERE figure <> 'exited_counties' AND v.code >= code AND v.code < code + ':' AND v.recorded <= $seq
  part(village_figures)
  RETURN sum(figures[figure]) AS counted
}
WITH code AS area, target_no, indicator, number, CASE WHEN figure IS NULL THEN null
  WHEN figure = 'exited_counties' THEN part(exited_counties) ELSE coalesce(counted, 0) END AS actual
RETURN area, target_no, indicator, number, actual
ORDER BY area, target_no
