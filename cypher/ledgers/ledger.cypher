// 台账 — The same figures at each level: of each area of a level its villages, households, people, the poor, exits and returns of the year, help, money.
// 户有卡, 村有册, 乡有簿, 县有档, 市有卷, 省有库: what stands at a level is the sum of what stands below; a village opens into its households.
// A village that was merged into another by the day is no village of it; households that are still registered under its code are told there, so that the sums hold, and
// with the area that the code lies in; where there are none, it is not told.
// Exited villages and counties: by their latest book or report, in the year until the day; counties are counted in a county and what is above (null below).
// digits: length of the codes to sum by. Only areas of which the register has households or a book, or into which others were merged, are told. after: [area].
// @params areas, low, high, asOf, seq, year, hollow, digits, after, limit
// @returns area, villages, poor_villages, households, persons, poor_households, poor_persons, exited_households, exited_persons, returned_households, helped_households, measured_households, amount, dividends, exited_villages, unclear_households, exited_counties
MATCH (v:Village)
WHERE part(in_area) AND substring(v.code, 0, $digits) > $after[0] AND v.recorded <= $seq
  AND (((EXISTS { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) } OR part(merged_into)) AND NOT part(merged_away)) OR EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE known(l) })
part(book_figures)
WITH substring(v.code, 0, $digits) AS code, collect(figures) AS books
WITH code, [at IN range(0, 14) | reduce(n = 0, one IN books | n + one[at])] AS f
WITH code, f ORDER BY code LIMIT $limit
WITH code AS area, f, CASE WHEN $digits <= 6 THEN part(exited_counties) END AS exited_counties
RETURN area, f[0] AS villages, f[1] AS poor_villages, f[2] AS households, f[3] AS persons, f[4] AS poor_households, f[5] AS poor_persons, f[6] AS exited_households, f[7] AS exited_persons, f[8] AS returned_households, f[9] AS helped_households, f[10] AS measured_households, f[11] AS amount, f[12] AS dividends, f[13] AS exited_villages, f[14] AS unclear_households, exited_counties
ORDER BY area
