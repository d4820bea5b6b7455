// 区划总数 — Number of areas of the published division codes that are linked to their parent.
// @params
// @returns total
MATCH (:Area)-[p:PART_OF]->(:Area)
WHERE p.recorded = 0
RETURN count(p) AS total
