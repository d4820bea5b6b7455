// 并入的区划 — Codes of the areas that were merged until a day into those asked for, by way of others too.
// @params areas, low, high, asOf, seq
// @returns code
MATCH (a:Area)
WHERE within(a)
MATCH (a)<-[xs:PREDECESSOR_OF*1..4]-(f:Area)
WHERE merged(xs)
WITH DISTINCT f.code AS code
RETURN code
ORDER BY code
