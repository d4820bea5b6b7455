// 区划内的名称 — Areas in ranges of codes, with their published name and their names in registers.
// ranges: disjoint ranges [first code, code after the last].
// @params ranges, seq
// @returns code, name, registered
UNWIND $ranges AS bounds
MATCH (a:Area)
WHERE a.code >= bounds[0] AND a.code < bounds[1] AND coalesce(a.recorded, 0) <= $seq
RETURN a.code AS code, a.name AS name,
  COLLECT { MATCH (a)<-[:OF]-(y:VillageYear) WHERE known(y) AND y.name IS NOT NULL
    RETURN DISTINCT y.name AS registered_name ORDER BY registered_name } AS registered
ORDER BY code
