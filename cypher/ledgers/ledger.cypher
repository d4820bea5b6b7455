// 台账 — Figures of each area of a level: villages, households, people, the poor, exits, help and money.
// 户有卡, 村有册, 乡有簿, 县有档, 市有卷, 省有库: the figures of a level are the sums of the level below; those of a village are the sums
// of its households.
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
part(book_figures)
WITH substring(v.code, 0, $digits) AS code, collect(figures) AS books
WITH code, [at IN range(0, 14) | reduce(n = 0, one IN books | n + one[at])] AS f
WITH code, f ORDER BY code LIMIT $limit
WITH code AS area, f, CASE WHEN $digits <= 6 THEN part(exited_counties) END AS exited_counties
RETURN area, f[0] AS villages, f[1] AS poor_villages, f[2] AS households, f[3] AS persons, f[4] AS poor_households,
  f[5] AS poor_persons, f[6] AS exited_households, f[7] AS exited_persons, f[8] AS returned_households,
  f[9] AS helped_households, f[10] AS measured_households, f[11] AS amount, f[12] AS dividends,
  f[13] AS exited_villages, f[14] AS unclear_households, exited_counties
ORDER BY area
