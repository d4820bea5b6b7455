// 贫困与脱贫台账衔接 — Whether the poverty ledger and the exit ledger of a year tie out: poor at its start + identified + returned − exited − removed = poor at its end.
// Each figure is counted for itself, from the cards of the year and of the year before; a card without a status says nothing new: the former status goes on. broken: households by which it does not tie out.
// Where a village was not collected in the year, what was goes on, but for who has left the register; the year before is the last in which it was collected.
// Where it was never before, who is poor has been so since the year of identification, and always where no card tells it.
// year: the last until the day's of which there are cards; in one without, nobody has a card and nobody has gone.
// digits: length of the codes to sum by. untied: only areas where it does not, or only where it does; null: all. after: [area].
// @params areas, low, high, seq, year, digits, untied, after, limit
// @returns area, start, identified, returned, exited, removed, finish, unclear, difference, broken, year
MATCH (v:Village)
WHERE part(in_area) AND substring(v.code, 0, $digits) > $after[0] AND v.recorded <= $seq
part(village_collected)
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE part(home_of_year)
WITH v, h, former, told OR l.until < $year * 10000 + 1231 AS told
CALL (h, told, former) {
  part(balance)
  RETURN flow
}
WITH substring(v.code, 0, $digits) AS area, sum(flow[0]) AS start, sum(flow[1]) AS identified, sum(flow[2]) AS returned, sum(flow[3]) AS exited, sum(flow[4]) AS removed, sum(flow[5]) AS finish, sum(flow[6]) AS unclear,
  sum(CASE WHEN flow[0] + flow[1] + flow[2] - flow[3] - flow[4] <> flow[5] THEN 1 ELSE 0 END) AS broken
WHERE $untied IS NULL OR $untied = (broken > 0)
WITH area, start, identified, returned, exited, removed, finish, unclear, start + identified + returned - exited - removed - finish AS difference, broken, $year AS year ORDER BY area LIMIT $limit
RETURN area, start, identified, returned, exited, removed, finish, unclear, difference, broken, year
ORDER BY area
