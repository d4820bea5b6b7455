// 村级责任有人接任 — Whether a term of a duty of the village begins after the day, within the stated days.
// A holder who has left office by then does not count.
// Needs v (the village), posts (empty for a department), $asOf, $beyond, $seq.
EXISTS { MATCH (v)<-[f:SERVES]-(n:Cadre) WHERE f.duty IN posts AND known(f) AND f.since > $asOf AND f.since <= $beyond
  AND NOT EXISTS { MATCH (n)<-[:OF]-(g:CadreState) WHERE known(g) AND g.left_on <= f.since } }
  OR EXISTS { MATCH (v)<-[f:ASSISTS]-(n:Department)
    WHERE size(posts) = 0 AND known(f) AND f.since > $asOf AND f.since <= $beyond AND NOT EXISTS {
    MATCH (n)<-[:OF]-(g:DepartmentState) WHERE known(g) AND g.dissolved_on <= f.since } }
