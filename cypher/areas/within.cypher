// 范围内的区划 — Codes of all areas in ranges of codes, villages too, in order.
// @params ranges
// ranges: disjoint [first, beyond).
// @returns code
UNWIND $ranges AS bounds
MATCH (a:Area)
WHERE a.code >= bounds[0] AND a.code < bounds[1]
WITH a.code AS code
ORDER BY code
RETURN code
