// 区划总数 — How many areas of the published tree are joined.
// @params
// @returns total
MATCH (:Area)-[p:PART_OF]->(:Area)
WHERE p.recorded = 0
RETURN count(p) AS total
