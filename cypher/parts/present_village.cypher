// 现在的村 — Code of the present village of v on the day: itself, or the one into which it was merged.
// A chain of several mergers is followed.
// Needs v, $asOf, $seq.
coalesce(head(COLLECT { MATCH (v)-[xs:PREDECESSOR_OF*1..4]->(now:Area) WHERE merged(xs)
  AND NOT EXISTS { MATCH (now)-[y:PREDECESSOR_OF]->(:Area) WHERE known(y) AND y.since <= $asOf } RETURN now.code
    ORDER BY now.code LIMIT 1 }), v.code)
