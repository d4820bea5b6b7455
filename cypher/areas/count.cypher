// 区划总数 — How many areas are joined.
// @params
// @returns total
MATCH (:Area)-[p:PART_OF]->(:Area)
RETURN count(p) AS total
