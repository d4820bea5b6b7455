// 贫困与脱贫台账衔接 — Whether the poverty ledger and the exit ledger of a year tie out: poor at its start + identified + returned − exited − removed = poor at its end.
// Each figure is counted for itself, from the cards of the year and of the year before; a card without a status says nothing new: the former status goes on. broken: households by which it does not tie out.
// year: the last until the day's of which there are cards; in one without, nobody has a card and nobody has gone.
// digits: length of the codes to sum by. untied: only areas where it does not, or only where it does; null: all. after: [area].
// @params areas, low, high, seq, year, digits, untied, after, limit
// @returns area, start, identified, returned, exited, removed, finish, difference, broken, year
MATCH (v:Village)
WHERE part(in_area) AND substring(v.code, 0, $digits) > $after[0] AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE known(l)
WITH v, h
CALL (h) {
  part(balance)
  RETURN flow
}
WITH substring(v.code, 0, $digits) AS area, sum(flow[0]) AS start, sum(flow[1]) AS identified, sum(flow[2]) AS returned, sum(flow[3]) AS exited, sum(flow[4]) AS removed, sum(flow[5]) AS finish,
  sum(CASE WHEN flow[0] + flow[1] + flow[2] - flow[3] - flow[4] <> flow[5] THEN 1 ELSE 0 END) AS broken
WHERE $untied IS NULL OR $untied = (broken > 0)
WITH area, start, identified, returned, exited, removed, finish, start + identified + returned - exited - removed - finish AS difference, broken, $year AS year ORDER BY area LIMIT $limit
RETURN area, start, identified, returned, exited, removed, finish, difference, broken, year
ORDER BY area
