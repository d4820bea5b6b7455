// 并出的区划 — Areas of those asked for that had been merged into others by a day, each with the one that it is now, by way of others too.
// @params areas, low, high, asOf, seq
// @returns code, now
MATCH (a:Area)
WHERE within(a)
MATCH (a)-[xs:PREDECESSOR_OF*1..4]->(b:Area)
WHERE merged(xs) AND NOT EXISTS { MATCH (b)-[y:PREDECESSOR_OF]->(:Area) WHERE known(y) AND y.since <= $asOf }
WITH a.code AS code, min(b.code) AS now
RETURN code, now
ORDER BY code
