// 单点依赖数 — Of those who meet a duty of help on a day, each for each duty, who alone does somewhere.
// The rules and parameters are those of sole_holders.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helper
// @returns total, eligible
part(alone)
RETURN coalesce(sum(CASE WHEN alone > 0 THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible
