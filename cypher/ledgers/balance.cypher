// 贫困与脱贫台账衔接 — Balance of the poverty ledger and the exit ledger of a year, by area.
// The ledgers balance if start + identified + returned - exited - removed = finish. start and finish are the poor
// households at the start and end of the year. Each figure is counted separately from the cards of the year and of the
// year before. A card without a status keeps the former status. broken: households by which the two sides differ.
// If a village was not collected in the year, its former cards still apply, except for households that have left the
// register. The year before is the last year in which the village was collected. If there is none, a poor household has
// been poor since its year of identification, or always if no card states it.
// year: latest year up to the day's that has cards. A year without cards has no entries and no departures.
// digits: length of the area codes by which to sum. untied: only areas that do not balance (true) or that balance
// (false); null for all. after: [area].
// @params areas, low, high, seq, year, digits, untied, after, limit
// @returns area, start, identified, returned, exited, removed, finish, unclear, difference, broken, year
MATCH (v:Village)
WHERE part(in_area) AND substring(v.code, 0, $digits) > $after[0] AND v.recorded <= $seq
part(village_collected)
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE part(home_of_year)
WITH v, h, former_year, collected OR l.until < $year * 10000 + 1231 AS collected
part(poverty_balance)
WITH substring(v.code, 0, $digits) AS area, sum(flow.start) AS start, sum(flow.identified) AS identified,
  sum(flow.returned) AS returned, sum(flow.exited) AS exited, sum(flow.removed) AS removed, sum(flow.finish) AS finish,
  sum(flow.unclear) AS unclear,
  sum(CASE WHEN flow.start + flow.identified + flow.returned - flow.exited - flow.removed <> flow.finish THEN 1
    ELSE 0 END) AS broken
WHERE $untied IS NULL OR $untied = (broken > 0)
WITH area, start, identified, returned, exited, removed, finish, unclear,
  start + identified + returned - exited - removed - finish AS difference, broken, $year AS year
  ORDER BY area LIMIT $limit
RETURN area, start, identified, returned, exited, removed, finish, unclear, difference, broken, year
ORDER BY area
