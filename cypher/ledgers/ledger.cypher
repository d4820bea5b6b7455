// 台账 — Figures of each area of a level: villages, households, people, the poor, exits, help and money.
// 户有卡, 村有册, 乡有簿, 县有档, 市有卷, 省有库: the figures of a level are the sums of the level below;
// those of a village are the sums of its households.
// A village that was merged into another by the day is not counted as a village. Households that are still registered
// under its code are counted there and in the area to which the code belongs, so that the sums agree; without such
// households, the village is not returned.
// Exited villages and counties are counted from their latest yearly record, for exits in the year up to the day.
// Counties are counted at county level and above; below it the figure is null.
// digits: length of the area codes by which to sum. Only areas with households or a yearly record in the register, or
// into which others were merged, are returned. after: [area].
// @params areas, low, high, asOf, seq, year, hollow, digits, after, limit
// @returns area, villages, poor_villages, households, persons, poor_households, poor_persons, exited_households,
//   exited_persons, returned_households, helped_households, measured_households, amount, dividends, exited_villages,
//   unclear_households, exited_counties
MATCH (v:Village)
WHERE part(in_area) AND substring(v.code, 0, $digits) > $after[0] AND v.recorded <= $seq
  AND (((EXISTS { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) } OR part(merged_into)) AND NOT part(merged_away))
    OR EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE known(l) })
part(village_figures)
WITH substring(v.code, 0, $digits) AS code,
  sum(figures.villages) AS villages,
  sum(figures.poor_villages) AS poor_villages,
  sum(figures.households) AS households,
  sum(figures.persons) AS persons,
  sum(figures.poor_households) AS poor_households,
  sum(figures.poor_persons) AS poor_persons,
  sum(figures.exited_households) AS exited_households,
  sum(figures.exited_persons) AS exited_persons,
  sum(figures.returned_households) AS returned_households,
  sum(figures.helped_households) AS helped_households,
  sum(figures.measured_households) AS measured_households,
  sum(figures.amount) AS amount,
  sum(figures.dividends) AS dividends,
  sum(figures.exited_villages) AS exited_villages,
  sum(figures.unclear_households) AS unclear_households
ORDER BY code LIMIT $limit
WITH code AS area, villages, poor_villages, households, persons, poor_households, poor_persons,
  exited_households, exited_persons, returned_households, helped_households, measured_households, amount, dividends,
  exited_villages, unclear_households, CASE WHEN $digits <= 6 THEN part(exited_counties) END AS exited_counties
RETURN area, villages, poor_villages, households, persons, poor_households, poor_persons,
  exited_households, exited_persons, returned_households, helped_households, measured_households, amount, dividends,
  exited_villages, unclear_households, exited_counties
ORDER BY area
