// 范围内的区划 — Codes of all areas in ranges of codes, including villages, in order.
// ranges: disjoint ranges [first code, code after the last].
// @params ranges
// @returns code
UNWIND $ranges AS bounds
MATCH (a:Area)
WHERE a.code >= bounds[0] AND a.code < bounds[1]
WITH a.code AS code
ORDER BY code
RETURN code
