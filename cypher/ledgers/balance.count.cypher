// 贫困与脱贫台账衔接数 — Number of areas of a level with households, and of those that are returned.
// The rules and parameters are those of balance.
// @params areas, low, high, seq, year, digits, untied
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
part(village_collected)
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE part(home_of_year)
WITH v, h, former_year, collected OR l.until < $year * 10000 + 1231 AS collected
part(poverty_balance)
WITH substring(v.code, 0, $digits) AS area, sum(CASE
  WHEN flow.start + flow.identified + flow.returned - flow.exited - flow.removed <> flow.finish THEN 1
  ELSE 0 END) AS broken
RETURN coalesce(sum(CASE WHEN $untied IS NULL OR $untied = (broken > 0) THEN 1 ELSE 0 END), 0) AS total,
  count(*) AS eligible
