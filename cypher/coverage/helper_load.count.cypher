// 帮扶责任人数 — Number of helpers of an area in office, and of those with more than the stated number of households.
// The rules and parameters are those of helper_load.
// @params areas, low, high, asOf, seq, over
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[r:HELPS]-(c:Cadre)
WHERE holds(l) AND holds(r) AND part(cadre_in_office)
WITH c, count(DISTINCT h) AS households
RETURN sum(CASE WHEN $over IS NULL OR households > $over THEN 1 ELSE 0 END) AS total, count(*) AS eligible
