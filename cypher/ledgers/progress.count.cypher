// 目标数 — Number of targets of areas for the year of the day. total and eligible are the same, as all are returned.
// The parameters are those of progress.
// @params areas, low, high, seq, year
// @returns total, eligible
MATCH (a:Area)<-[x:COVERS]-(t:Target)<-[:OF]-(s:TargetState)
WHERE within(a)
  AND known(x) AND known(s) AND s.year = $year
RETURN count(*) AS total, count(*) AS eligible
