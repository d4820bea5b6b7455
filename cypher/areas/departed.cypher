// 已并入他区的区划 — Areas in the requested ranges that were merged into others by a day, with their present area.
// A chain of several mergers is followed to its end.
// @params areas, low, high, asOf, seq
// @returns code, now
MATCH (a:Area)
WHERE within(a)
MATCH (a)-[xs:PREDECESSOR_OF*1..4]->(b:Area)
WHERE merged(xs) AND NOT EXISTS { MATCH (b)-[y:PREDECESSOR_OF]->(:Area) WHERE known(y) AND y.since <= $asOf }
WITH a.code AS code, min(b.code) AS now
RETURN code, now
ORDER BY code
