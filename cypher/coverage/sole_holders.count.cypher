// 唯一责任人合计 — Number of holders who meet a duty on a day, by duty, and of those who are somewhere the only one.
// The rules and parameters are those of sole_holders.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helpers
// @returns total, eligible
part(sole_holders)
RETURN coalesce(sum(CASE WHEN sole_subjects > 0 THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible
