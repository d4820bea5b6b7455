// 有并入 — Whether an area had been merged into the area v by the day. Needs v, $asOf, $seq.
EXISTS { MATCH (v)<-[mi:PREDECESSOR_OF]-(:Area) WHERE known(mi) AND mi.since <= $asOf }
