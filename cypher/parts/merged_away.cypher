// 已被合并 — Whether the area v had been merged into another by the day. Needs v, $asOf, $seq.
EXISTS { MATCH (v)-[gx:PREDECESSOR_OF]->(:Area) WHERE known(gx) AND gx.since <= $asOf }
