// 帮扶责任人负担 — How many households each helper has on a day, the most first, and for how many of them nobody else could stand in.
// Only present helpers count: who has left the post has nobody any more. `alone`: households that have no other present helper.
// areas: ranges of codes; low, high: what they span, for the index. over: only those who have more. after: [-households, cadre].
// @params areas, low, high, asOf, seq, over, after, limit
// @returns load, cadre_no, households, villages, alone
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
WITH v, h, COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre)
  WHERE holds(r) AND part(cadre_present)
  RETURN DISTINCT c.cadre_no AS one ORDER BY one } AS helpers
UNWIND helpers AS cadre_no
WITH cadre_no, count(DISTINCT h) AS households, count(DISTINCT v) AS villages, sum(CASE WHEN size(helpers) = 1 THEN 1 ELSE 0 END) AS alone
WITH cadre_no, -households AS load, households, villages, alone
WHERE ($over IS NULL OR households > $over) AND (load > $after[0] OR (load = $after[0] AND cadre_no > $after[1]))
WITH load, cadre_no, households, villages, alone ORDER BY load, cadre_no LIMIT $limit
RETURN load, cadre_no, households, villages, alone
ORDER BY load, cadre_no
