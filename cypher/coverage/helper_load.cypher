// 帮扶责任人负担 — Number of households of each helper on a day, in descending order.
// Only helpers in office are counted. sole_households: number of households without another helper in office.
// areas: ranges of codes; low, high: range that they span, for the index. over: only helpers with more households than
// this. after: [-households, cadre].
// @params areas, low, high, asOf, seq, over, after, limit
// @returns load, cadre_no, households, villages, sole_households
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
WITH v, h, COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre)
  WHERE holds(r) AND part(cadre_in_office)
  RETURN DISTINCT c.cadre_no AS cadre_no ORDER BY cadre_no } AS helpers
UNWIND helpers AS cadre_no
WITH cadre_no, count(DISTINCT h) AS households, count(DISTINCT v) AS villages,
  sum(CASE WHEN size(helpers) = 1 THEN 1 ELSE 0 END) AS sole_households
WITH cadre_no, -households AS load, households, villages, sole_households
WHERE ($over IS NULL OR households > $over) AND (load > $after[0] OR (load = $after[0] AND cadre_no > $after[1]))
WITH load, cadre_no, households, villages, sole_households ORDER BY load, cadre_no LIMIT $limit
RETURN load, cadre_no, households, villages, sole_households
ORDER BY load, cadre_no
