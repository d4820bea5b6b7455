// 村级责任有人接任 — Whether somebody's term of a village's duty begins after the day, within the days asked for. Who has left by then does not follow.
// Needs v (the village), posts (none = a department's), $asOf, $beyond, $seq.
EXISTS { MATCH (v)<-[f:SERVES]-(n:Cadre) WHERE f.duty IN posts AND known(f) AND f.since > $asOf AND f.since <= $beyond AND NOT EXISTS { MATCH (n)<-[:OF]-(g:CadreState) WHERE known(g) AND g.left_on <= f.since } }
  OR EXISTS { MATCH (v)<-[f:ASSISTS]-(n:Department) WHERE size(posts) = 0 AND known(f) AND f.since > $asOf AND f.since <= $beyond AND NOT EXISTS { MATCH (n)<-[:OF]-(g:DepartmentState) WHERE known(g) AND g.dissolved_on <= f.since } }
